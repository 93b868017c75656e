// Edit: sliders that add attributes, components and dimensions to the code; the style in other classes.
import { Latest, ask, trying } from "./api.js";
import { line, quoted, tell, word } from "./command.js";
import { cell, empty, fill, h, number, slider } from "./dom.js";
import { Newest, asked, openCode, run, show, state } from "./state.js";

const REACH = 3;
const FIRST = 8;
const root = h("div");
let moves = {};
let apart = false;
let sliders = [];
let said = null; // what the run has directions of
let code = null;
const learning = new Map(); // what each run has directions of, or will have said
const newest = new Newest();

const latest = new Latest("edit", ({ pictures, codes }, question) => {
  if (question.code !== state.code) return; // another image has come meanwhile
  show(pictures[0], codes[0]);
});

function move(name, value) {
  if (value) moves[name] = value;
  else delete moves[name];
  send();
}

function send() {
  tell(command());
  if (Object.keys(moves).length === 0) {
    latest.forget();
    show(state.look.made, state.code);
  } else latest.ask(asked({ code: state.code, add: moves, decorrelated: apart }));
}

export function reset() {
  if (!Object.keys(moves).length || !state.look) return;
  moves = {};
  sliders.forEach((row) => row.place(0));
  send();
}

// Asked once for each run, however often the panel is drawn until the answer is there; again if that failed.
function directions() {
  const mine = state.run;
  if (!learning.has(mine)) learning.set(mine, ask("directions", { run: mine }));
  return learning.get(mine).catch(({ message }) => {
    learning.delete(mine);
    return { attributes: [], components: 0, dimensions: run().size, why: message };
  });
}

async function refresh() {
  if (code !== state.code) moves = {};
  code = state.code;
  if (!state.code) return fill(root, empty("There is no code to edit yet. Take a sample, or use Project to find the code of this image."));
  fill(root, empty("Learning directions from the run's images…"));
  const answer = await newest.of(directions);
  if (!answer) return;
  said = answer;
  sliders = [];
  fill(root, toolbar(), classes(), attributes(), more("Principal components", "component", said.components), more("Dimensions of the code", "dimension", said.dimensions));
}

function toolbar() {
  const kept = h("input", { type: "checkbox", id: "apart", checked: apart, onchange: () => ((apart = kept.checked), send()) });
  return h("div.bar", {},
    h("button", { id: "reset", onclick: reset, title: "All sliders back to nought (0)" }, "Reset"),
    h("button", { id: "keep", onclick: trying(() => openCode(state.edited)), title: "Go on from what is shown now" }, "Make current"),
    said.attributes.length > 1 ? h("label", { title: "Each direction changes its attribute and leaves the others as they are" }, kept, "Leave other attributes as they are") : null);
}

function attributes() {
  if (said.why) return group("Attributes", h("p.note", {}, said.why));
  if (!said.attributes.length) return group("Attributes", h("p.note", {}, "The run's images have no attributes or classes. Find a direction with ",
    h("code", {}, "likeness directions RUN --positive A/ --negative B/"), " and open it with ", h("code", {}, "likeness explore RUN --directions directions.npz"), "."));
  const rows = said.attributes.map((name) => one(name, name.replaceAll("_", " ")));
  const search = h("input", { type: "search", placeholder: "Find…", "aria-label": "Find an attribute", oninput: () => {
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(search.value.toLowerCase());
  } });
  return group("Attributes", rows.length > 12 ? h("div.bar", {}, search) : null, h("div.sliders", { id: "attributes" }, rows));
}

function more(title, kind, count) {
  if (!count) return null;
  const list = h("div.sliders", { id: `${kind}s` });
  const add = (until) => {
    for (let k = list.children.length; k < Math.min(until, count); k++) list.append(one(`${kind}-${k}`, `${kind === "component" ? "Component" : "Dimension"} ${k}`));
    button.hidden = list.children.length >= count;
  };
  const button = h("button.small", { onclick: () => add(list.children.length + 2 * FIRST) }, `More of ${count}`);
  add(FIRST);
  return group(title, list, h("p", {}, button));
}

function one(name, title) {
  const row = slider({ name: title, value: 0, min: -REACH, max: REACH, step: 0.05, title: `${title}: double click brings it back`, oninput: (value) => move(name, value) });
  if (moves[name]) row.place(moves[name]);
  sliders.push(row);
  return row;
}

// The style of the image, in each class: where the method tells one from the other.
function classes() {
  if (!run().classes || state.source.kind === "code") return null;
  const grid = h("div.cells");
  ask("restyle", asked({ source: state.source })).then(({ pictures, codes }) => {
    fill(grid, pictures.map((picture, k) => cell(picture, `Class ${k}, in this style`, () => show(picture, codes[k]), String(k))));
  }).catch((error) => fill(grid, h("p.note", {}, error.message)));
  return group("Its style in every class", grid);
}

const group = (title, ...children) => h("section.group", {}, h("h2", {}, title), children);

function command() {
  const names = Object.entries(moves).map(([name, value]) => `${name}:${number(value)}`).join(",");
  if (!names) return line("reconstruct", word(), "--out pairs.png");
  const file = run().directions ? ` --directions ${quoted(run().directions)}` : "";
  const first = !file && Object.keys(moves).some((name) => !name.startsWith("dimension-")) ? `${line("directions", "--max-images 4000")} && ` : "";
  return first + line("edit", word(), `--add ${quoted(names)}${apart ? " --decorrelated" : ""}${file}`, "--steps 2");
}

export const panel = { id: "edit", title: "Edit", root, refresh, command };
