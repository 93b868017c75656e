// Map: codes of the run's images as points. Hover shows an image, a click opens it, a drawn box is decoded.
import { ask, trying } from "./api.js";
import { line } from "./command.js";
import { cell, choice, empty, fill, h, number } from "./dom.js";
import { save, saver, saveGrid } from "./downloads.js";
import { Scatter } from "./scatter.js";
import { Newest, asked, openCode, openData, run, state, view } from "./state.js";

const root = h("div");
const region = h("div", { id: "region" });
const peek = h("div.peek");
const now = { run: null, by: null, side: 8, points: null };
const [planes, regions] = [new Newest(), new Newest()];
let loading = null; // what is on its way: points of {run}

async function refresh() {
  if (!run().coding) return fill(root, empty("This run has no encoder, so its images have no codes to draw a map of."));
  if (now.run === state.run) now.scatter.mark(here());
  else if (loading?.run !== state.run) await load(view());
}

const here = () => (state.source?.kind === "data" && state.source.run === state.run ? state.source.index : -1);

async function load(by) {
  const mine = (loading = { run: state.run });
  now.run = null;
  fill(root, empty("Encoding the run's images…"));
  try {
    const points = await planes.of(() => ask("plane", { ...mine, by }));
    if (!points) return;
    Object.assign(now, { ...mine, by, points });
    draw();
  } catch (error) {
    fill(root, bar(by), empty(error.message));
  } finally {
    if (loading === mine) loading = null;
  }
}

function bar(by) {
  const options = [
    { name: "codes as they are", value: "codes", disabled: run().size !== 2 },
    { name: "principal components", value: "pca" },
    { name: "UMAP", value: "umap" },
  ];
  return h("div.bar", {}, choice("See codes by", options, by, load), now.run === null ? null : saver(() => save("map.png", now.scatter.picture()), "Download the map"));
}

function draw() {
  const { points } = now;
  now.scatter = new Scatter(points, { hover, click: trying((k) => ((state.touched = true), openData(k))), brush: trying(decode) });
  fill(peek);
  fill(region);
  hover(-1);
  fill(root, bar(now.by),
    h("div.map", {},
      h("div", {}, now.scatter.canvas, legend(points), h("p.note", {}, told(points))),
      h("div.side", {}, peek, region)));
  now.scatter.mark(here());
}

function told({ share, points }) {
  const part = share === null || share === 1 ? "" : ` The plane shows ${Math.round(100 * share)} % of their variance.`;
  return `${points.length.toLocaleString()} images.${part} Click opens an image; draw a box to decode what is in it. Arrow keys go from point to point, Enter opens.`;
}

function hover(k) {
  if (k < 0) return peek.children.length ? null : fill(peek, h("p.note", {}, "Point at a dot to see its image."));
  const { names, splits, labels, label_names: known } = now.points;
  const label = labels[k] < 0 ? "" : `class ${known[labels[k]] ?? labels[k]}, `;
  return fill(peek, h("img", { src: `/runs/${state.run}/images/${k}.png`, alt: names[k] }), h("p.note", {}, `${names[k]}: ${label}${splits[k]}`));
}

function legend({ labels, label_names: known }) {
  const there = [...new Set(labels)].sort((a, b) => a - b);
  if (there.length < 2 || there.length > 20) return null;
  return h("div.legend", {}, there.map((label) => {
    const dot = h("i");
    dot.style.background = now.scatter.colour(label);
    return h("span", {}, dot, label < 0 ? "no class" : known[label] ?? label);
  }));
}

async function decode(box) {
  const answer = await regions.of(() => ask("region", asked({ by: now.by, box, side: now.side })));
  if (!answer) return;
  const { pictures, codes } = answer;
  const grid = h("div.cells", {}, pictures.map((picture, k) => cell(picture, "Make it the current image", trying(() => ((state.touched = true), openCode(codes[k]))))));
  if (pictures.length === now.side ** 2) grid.style.gridTemplateColumns = `repeat(${now.side}, minmax(0, 1fr))`;
  fill(region, h("h2", {}, "Decoded region"), h("p.note", {}, `from ${number(box[0], 3)}, ${number(box[1], 3)} to ${number(box[2], 3)}, ${number(box[3], 3)}`), grid,
    h("p", {}, saver(() => saveGrid("region.png", [...grid.querySelectorAll("img")], now.side))));
}

const command = () => (run().size === 2 ? line("plane", "--out codes.png") : line("plane", "--axes components --out codes.png"));

export const panel = { id: "map", title: "Map", root, refresh, command };
