// Samples of the prior, a function of a seed; click one to go on from it.
import { Latest, trying } from "./api.js";
import { line, tell } from "./command.js";
import { cell, choice, fill, h, number, slider } from "./dom.js";
import { saver, saveGrid } from "./downloads.js";
import { asked, openCode, state } from "./state.js";

const now = { n: 24, seed: 0, temperature: 1 };
const grid = h("div.cells", { id: "samples" });
const root = h("div");
const latest = new Latest("samples", ({ pictures, codes }) => {
  fill(grid, pictures.map((picture, k) => cell(picture, `Sample ${k}: make it the current image`, trying(() => take(codes[k])))));
});

const take = (code) => {
  state.touched = true;
  return openCode(code);
};

const seed = h("input", { type: "number", id: "seed", min: 0, max: 2 ** 31 - 1, step: 1, oninput: () => seed.validity.valid && seed.value && again({ seed: seed.valueAsNumber }) });

function again(more) {
  Object.assign(now, more);
  seed.value = now.seed;
  tell(command());
  latest.ask(asked(now));
}

function refresh() {
  const heat = slider({ name: "Temperature", value: 1, min: 0, max: 2, step: 0.05, oninput: (temperature) => again({ temperature }) });
  heat.place(now.temperature);
  const counts = [12, 24, 48, 96].map((n) => ({ name: n, value: n }));
  fill(root,
    h("div.bar", {},
      h("label", {}, "Seed", seed),
      h("button", { id: "dice", onclick: () => again({ seed: Math.floor(Math.random() * 1e6) }), title: "Another seed" }, "Another"),
      choice("Images", counts, now.n, (n) => again({ n })),
      heat,
      saver(() => saveGrid("samples.png", [...grid.querySelectorAll("img")], Math.ceil(Math.sqrt(now.n))))),
    grid,
    h("p.note", {}, "At a lower temperature codes are nearer to the origin: images are more typical and less varied."));
  again({});
}

const command = () => line("sample", `-n ${now.n} --seed ${now.seed}`, ...(now.temperature === 1 ? [] : [`--temperature ${number(now.temperature)}`]), "--out samples.png");

export const panel = { id: "sampling", title: "Samples", root, refresh, command };
