// Training: the curves of a run, and its pictures as they came to be.
import { ask } from "./api.js";
import { line } from "./command.js";
import { empty, fill, h, number, slider } from "./dom.js";
import { saver, save, saveBytes } from "./downloads.js";
import { Newest, run, state } from "./state.js";

const WIDTH = 300;
const HEIGHT = 100;
const root = h("div");
const newest = new Newest();

async function refresh() {
  const answer = await newest.of(() => ask("training", { run: state.run }));
  if (!answer) return;
  const { curves, pictures, seconds } = answer;
  const took = seconds ? `, ${seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`}` : "";
  const films = ["reconstructions", "samples"].map((kind) => film(kind, pictures.filter((name) => name.startsWith(kind))));
  fill(root,
    h("p.note", {}, `${run().method} on ${run().data}: ${run().step.toLocaleString()} steps${took}`),
    h("div.columns", {}, films),
    h("section.group", {}, h("h2", {}, "Curves"), Object.keys(curves).length ? h("div.curves", { id: "curves" }, Object.entries(curves).map(curve)) : empty("No number was written down yet.")));
}

function film(kind, names) {
  if (!names.length) return null;
  const step = (name) => Number(name.match(/\d+/)[0]);
  const address = (k) => `/runs/${state.run}/pictures/${names[k]}`;
  const image = h("img", { src: address(names.length - 1), alt: `${kind} of training` });
  const caption = h("span.quiet", {}, `after ${step(names.at(-1)).toLocaleString()} steps`);
  const dial = slider({ name: "Picture", value: names.length - 1, min: 0, max: names.length - 1, step: 1, oninput: (k) => {
    image.src = address(k);
    caption.textContent = `after ${step(names[k]).toLocaleString()} steps`;
  } });
  return h("section.group.film", { id: `film-${kind}` }, h("h2", {}, kind[0].toUpperCase() + kind.slice(1), " ", caption), image,
    names.length > 1 ? dial : null, h("p", {}, saver(() => save(`${kind}.png`, image.src))));
}

function curve([name, points]) {
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [first, last] = [points[0][0], points.at(-1)[0]];
  const x = (step) => (WIDTH * (step - first)) / Math.max(last - first, 1);
  const y = (value) => HEIGHT * (1 - (value - low) / (high - low || 1));
  const drawn = h("polyline", { points: points.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(" ") });
  const said = h("span", {}, number(values.at(-1)));
  const svg = h("svg.curve", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": `${name}: ${number(values.at(-1))} at the end` }, drawn);
  svg.addEventListener("pointermove", (event) => {
    const share = event.offsetX / svg.clientWidth;
    const [step, value] = points.reduce((best, point) => (Math.abs(x(point[0]) - share * WIDTH) < Math.abs(x(best[0]) - share * WIDTH) ? point : best));
    said.textContent = `step ${step.toLocaleString()}: ${number(value)}`;
  });
  svg.addEventListener("pointerleave", () => (said.textContent = number(values.at(-1))));
  svg.addEventListener("dblclick", () => saveBytes(`${name}.svg`, standalone(svg)));
  return h("figure", { title: `${name}: from ${number(low)} to ${number(high)}; double click downloads it` }, svg, h("figcaption", {}, h("b", {}, name.replaceAll("_", " ")), said));
}

// A curve as a file of its own, with its colours in it.
function standalone(svg) {
  const copy = svg.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.querySelector("polyline").setAttribute("fill", "none");
  copy.querySelector("polyline").setAttribute("stroke", "#2457c5");
  return copy.outerHTML;
}

const command = () => line("info");

export const panel = { id: "training", title: "Training", root, refresh, command };
