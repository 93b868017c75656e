// Neighbours: the images of the data nearest to the current one, by pixels and by the learned metric.
import { ask, trying } from "./api.js";
import { line, word } from "./command.js";
import { cell, choice, empty, fill, h, number } from "./dom.js";
import { of, openData, state } from "./state.js";


const root = h("div");
const now = { k: 8, of: "image" };

const source = () => (now.of === "decoded" && state.edited ? of(state.edited) : state.source);

async function refresh() {
  if (!state.look) return fill(root, empty("Open an image first."));
  const options = [{ name: "the image", value: "image" }, { name: "what is decoded", value: "decoded", disabled: !state.edited }];
  const counts = [4, 8, 16, 32].map((n) => ({ name: n, value: n }));
  const body = h("div", {}, h("p.note", {}, "Looking among the run's images…"));
  fill(root, h("div.bar", {}, choice("Nearest to", options, now.of, (of) => ((now.of = of), refresh())), choice("Images", counts, now.k, (k) => ((now.k = k), refresh()))), body);
  try {
    const found = await ask("neighbours", { run: state.run, channel: state.channel, source: source(), k: now.k });
    fill(body, h("div.columns", {},
      column("Under pixel error", `mean squared error, among ${found.among.toLocaleString()} images`, found.pixels),
      found.learned ? column("Under the learned metric", `learned distance, among ${found.learned.among.toLocaleString()} images`, found.learned)
        : h("section", {}, h("h2", {}, "Under the learned metric"), h("p.note", {}, "This run has no discriminator, so nothing was learned to measure with. Train one that has, such as vae_gan."))));
  } catch (error) {
    fill(body, empty(error.message));
  }
}

// A distance to itself is rounding.
const far = (distance) => (distance < 1e-5 ? "0" : distance.toFixed(distance < 0.1 ? 3 : 2));

function column(title, about, found) {
  const cells = found.pictures.map((picture, k) =>
    cell(picture, `${found.names[k]} (${found.splits[k]}, at ${number(found.distances[k])}): make it the current image`, trying(() => ((state.touched = true), openData(found.rows[k]))),
      [h("span", {}, found.labels[k] < 0 ? found.splits[k] : String(found.labels[k])), h("span", {}, far(found.distances[k]))]));
  return h("section", { id: `nearest-${title.includes("pixel") ? "pixels" : "learned"}` }, h("h2", {}, title), h("p.note", {}, about), h("div.cells", {}, cells));
}

const command = () => line("neighbours", now.of === "decoded" ? "code.npz" : word(), `-n ${now.k}`, "--out neighbours.png");

export const panel = { id: "neighbours", title: "Neighbours", root, refresh, command };
