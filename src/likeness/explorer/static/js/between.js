// Between: the way from one image's code to another's.
import { Latest, ask, trying } from "./api.js";
import { line, tell } from "./command.js";
import { cell, choice, empty, fill, h, slider } from "./dom.js";
import { saveFile, saver, saveGrid } from "./downloads.js";
import { Newest, asked, of, openCode, randomData, run, state } from "./state.js";

const STEPS = 101;
const root = h("div");
const ends = { a: null, b: null, of: null }; // each {code, picture}, of one run
const now = { at: 50, way: "linear" };
const middle = h("img", { id: "middle", alt: "Image between the two" });
const strip = h("div.cells", { id: "strip" });
let code = null;
const coming = { a: new Newest(), b: new Newest() };

const latest = new Latest("between", ({ pictures, codes }) => {
  middle.src = pictures[0];
  code = codes[0];
});
const several = new Latest("between", ({ pictures }) => {
  fill(strip, pictures.map((picture, k) => cell(picture, `${k * 10} % of the way`, () => go(k * 10))));
});

const question = (more) => asked({ a: ends.a.code, b: ends.b.code, way: now.way, steps: STEPS, ...more });

function go(at) {
  now.at = at;
  dial.place(at);
  latest.ask(question({ at }));
}

const dial = slider({ name: "From A to B, %", value: 50, min: 0, max: STEPS - 1, step: 1, oninput: go });

const mine = () => ({ code: state.edited, picture: state.picture });

async function drawn() {
  const { pictures, codes } = await ask("samples", asked({ n: 1, seed: Math.floor(Math.random() * 2 ** 31) }));
  return { code: codes[0], picture: pictures[0] };
}

async function stored() {
  const { code, made } = await ask("look", asked({ source: await randomData() }));
  return { code, picture: made };
}

async function refresh() {
  if (!state.edited) return fill(root, empty("There is no code to start from yet. Take a sample, or use Project to find the code of this image."));
  if (ends.of !== state.run) Object.assign(ends, { a: null, b: null, of: state.run });
  ends.a ??= mine();
  if (!ends.b) {
    fill(root, empty("Choosing an image to go to…"));
    const other = await coming.b.of(() => (run().coding ? stored().catch(drawn) : drawn()));
    if (!other) return;
    ends.b = other;
  }
  draw();
}

function draw() {
  fill(root,
    h("div.bar", {},
      choice("Way", [{ name: "straight", value: "linear" }, { name: "round the origin", value: "spherical" }], now.way, (way) => ((now.way = way), follow())),
      h("button", { id: "between-keep", onclick: trying(() => openCode(code)) }, "Make current"),
      saver(() => saveGrid("way.png", [...strip.querySelectorAll("img")], 11))),
    h("div.ends", {}, end("A", "a"), h("figure.shot", {}, middle, h("figcaption", {}, h("b", {}, "Between"))), end("B", "b")),
    h("p", {}, dial), strip);
  follow();
}

function follow() {
  tell(command());
  go(now.at);
  several.ask(question({ every: 10 }));
}

function end(title, key) {
  const put = (make) => trying(async () => {
    const made = await coming[key].of(make);
    if (!made) return;
    ends[key] = made;
    draw();
  });
  return h("figure.shot", {}, h("img", { src: ends[key].picture, alt: `Image ${title}` }),
    h("figcaption", {}, h("b", {}, title), h("span.actions", {},
      h("button.small", { onclick: put(mine), title: "Take the current image" }, "Current"),
      h("button.small", { onclick: put(drawn), title: "Take a sample" }, "Sample"),
      h("button.small", { onclick: () => saveFile(of(ends[key].code), "code", `${key}.npz`), title: `Download the code of ${title}` }, "↓"))));
}

const command = () => line("interpolate", "a.npz b.npz", `--steps 11${now.way === "spherical" ? " --interpolation spherical" : ""}`, "--out way.png");

export const panel = { id: "between", title: "Between", root, refresh, command };
