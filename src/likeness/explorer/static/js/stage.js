// The stage: the current image, what is decoded, where the two differ, and what can be done with it.
import { trying, wrong } from "./api.js";
import { $, choice, fill, h, number, slider } from "./dom.js";
import { save, saveFile } from "./downloads.js";
import { condition, listen, of, open, openFile, openRandom, openSample, reopen, run, state } from "./state.js";

const ACCEPTED = ".png,.jpg,.jpeg,.webp,.tif,.tiff,.bmp,.gif,.ppm,.pgm,.npy";
const made = h("img", { id: "made", alt: "Decoded image" });

const controls = h("div", { id: "conditions" });
let held = []; // a function for each control, that shows a value

export function build() {
  $("#stage").append(controls);
  listen((what) => (what === "picture" ? redraw() : draw()));
  listen((what) => (what === "run" ? conditions() : place()));
  conditions();
  draw();
}

export function pick() {
  const input = h("input", { type: "file", accept: ACCEPTED, onchange: () => input.files[0] && take(input.files[0]) });
  input.click();
}

export const take = trying(async (file) => {
  state.touched = true;
  await openFile(file);
});

export const random = trying(async () => {
  state.touched = true;
  await openRandom();
});

export const sample = trying(async () => {
  state.touched = true;
  await openSample(Math.floor(Math.random() * 2 ** 31));
});

const project = trying(() => open(state.source, state.word, "project"));

function draw() {
  const look = state.look;
  // the controls stay where they are: a slider that is held is not taken away
  [...$("#stage").children].filter((node) => node !== controls).forEach((node) => node.remove());
  $("#stage").prepend(...[shots(look), actions(look), asks(look), notes(look)].filter(Boolean));
  redraw();
}

function redraw() {
  if (state.picture) made.src = state.picture;
  const moved = state.edited !== state.code;
  const caption = $("#caption");
  if (caption) caption.textContent = moved ? "Edited" : state.source?.kind === "code" ? "Decoded from its code" : "Reconstruction";
}

function shots(look) {
  if (!look) return h("div.pair", {}, blank("Opening…"), blank(""));
  const own = state.source.kind === "code" && state.source.run === state.run;
  const first = shot("Image", look.original, "", "image.png");
  const second = state.picture ? shot(h("b", { id: "caption" }), made, "", "decoded.png") : blank(missing());
  const maps = [
    look.pixels && shot("Pixel difference", look.pixels.picture, `≤ ${number(look.pixels.most, 2)}`, "pixel-difference.png"),
    look.learned && shot("Learned difference", look.learned.picture, `≤ ${number(look.learned.most, 2)}`, "learned-difference.png"),
  ];
  return h("div.pair", {}, own ? shot("Starting point", look.original, "", "start.png") : first, second, maps);
}

function missing() {
  if (run().asks && state.look.label < 0) return "Say the class of the image to see it decoded";
  return "No encoder: find a code that comes near with Project";
}

export function shot(caption, picture, more, name) {
  const image = typeof picture === "string" ? h("img", { src: picture, alt: caption }) : picture;
  const button = h("button.small.save", { title: "Download this picture", "aria-label": "Download this picture", onclick: () => save(name, image.src) }, "↓");
  const title = typeof caption === "string" ? h("b", {}, caption) : caption;
  return h("figure.shot", {}, image, button, h("figcaption", {}, title, h("span", {}, more)));
}

const blank = (text) => h("div.shot", {}, h("div.blank", {}, text));

function actions(look) {
  const menu = h("details.menu", { onclick: (event) => event.target.tagName === "BUTTON" && (menu.open = false) },
    h("summary", {}, "Download"),
    h("div", {},
      h("button", { disabled: !look, onclick: () => saveFile(state.source, "image") }, "Image as array (.npy)"),
      h("button", { disabled: !state.edited, onclick: () => saveFile(current(), "image") }, "Decoded as array (.npy)"),
      h("button", { disabled: !state.edited, onclick: () => saveFile(current(), "code") }, "Code (.npz)"),
      h("button", { disabled: !state.picture, onclick: () => save("decoded.png", state.picture) }, "Decoded as picture (.png)")));
  return h("div.actions", {},
    h("button.main", { id: "open", onclick: pick, title: "Open an image (O), or drop one on the page" }, "Open image…"),
    h("button", { id: "random", onclick: random, title: "An image of the run's data (R)" }, "From data"),
    h("button", { id: "sample", onclick: sample, title: "A sample of the prior (S)" }, "Sample"),
    h("button", { id: "project", onclick: project, disabled: !look || state.source.kind === "code", title: "Look for a code that comes nearer to the image than the encoder's" }, "Project"),
    menu);
}

const current = () => of(state.edited);

// What the run is conditioned on: a switch, a choice or a slider each.
function conditions() {
  const rows = run().conditions.map(control);
  held = rows.map(({ show }) => show);
  fill(controls, rows.length ? [h("h2", {}, "Condition"), h("div.sliders", {}, rows.map(({ node }) => node))] : null);
}

const place = () => changing || held.forEach((show) => show());

function control({ name, kind, classes, least, most, value }) {
  const title = name.replaceAll("_", " ");
  const set = (now) => under({ [name]: now });
  if (kind === "binary") {
    const box = h("input", { type: "checkbox", checked: value > 0.5, onchange: () => set(box.checked ? 1 : 0) });
    return { node: h("label.inline", {}, box, title), show: () => (box.checked = state.condition[name] > 0.5) };
  }
  if (kind === "class") {
    const node = choice(title, classes.map((one) => ({ name: one, value: one })), value, set);
    return { node, show: () => (node.querySelector("select").selectedIndex = classes.indexOf(state.condition[name])) };
  }
  const node = slider({ name: title, value, min: least, max: most, step: "any", oninput: set });
  return { node, show: () => node.place(state.condition[name]) };
}

// One condition at a time, and then the newest: a slider never queues.
let [changing, wanted] = [false, null];
const under = trying(async (more) => {
  wanted = { ...wanted, ...more };
  if (changing) return;
  changing = true;
  try {
    while (wanted) {
      const now = wanted;
      wanted = null;
      await condition(now);
    }
  } finally {
    changing = false;
    place();
  }
});

// What only the user knows of an image: which of its channels, which class.
function asks(look) {
  const wanted = run()?.shape[0];
  const parts = [];
  if (look?.channels > wanted && state.source.kind === "file") parts.push(channels(look.channels, wanted));
  if (look && run().asks && state.source.kind !== "code") parts.push(label(look.label));
  return parts.length ? h("div.actions", {}, parts) : null;
}

function channels(there, wanted) {
  const now = state.source.channels ?? [];
  const numbers = [...Array(there).keys()];
  const chosen = now.length ? now : numbers.slice(0, wanted);
  return numbers.slice(0, wanted).map((k) =>
    choice(wanted > 1 ? `Channel ${k + 1}` : "Channel", [...(wanted === 1 ? [{ name: "as it is", value: null }] : []), ...numbers.map((n) => ({ name: n, value: n }))],
      now.length ? chosen[k] : wanted === 1 ? null : k,
      (value) => reopen({ channels: value === null ? [] : chosen.map((old, at) => (at === k ? value : old)) }).catch(wrong)));
}

function label(known) {
  const options = [...Array(run().classes).keys()].map((k) => ({ name: k, value: k }));
  return choice("Class", [{ name: "?", value: -1 }, ...options], known, (value) => reopen({ label: value }).catch(wrong));
}

function notes(look) {
  const told = [...(look?.notes ?? [])];
  const errors = [
    look?.pixels && ["MSE", number(look.pixels.mse, 3)],
    look?.pixels && ["PSNR", `${number(look.pixels.psnr, 3)} dB`],
    look?.learned && ["Learned distance", number(look.learned.distance, 3)],
  ].filter(Boolean);
  const said = errors.map(([name, value]) => `${name} ${value}`).join(" · ");
  return h("div", {}, said && h("p.note", { id: "errors" }, said), told.length ? h("p.note", {}, `The image was changed to fit: ${told.join("; ")}.`) : null);
}
