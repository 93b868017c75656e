// Compare: two runs on the same image.
import { ask } from "./api.js";
import { line, quoted, under, word } from "./command.js";
import { choice, empty, fill, h, number } from "./dom.js";
import { shot } from "./stage.js";
import { shared, state } from "./state.js";

const root = h("div");
const pair = [0, 1];

async function refresh() {
  if (state.runs.length < 2)
    return fill(root, empty("One run is open. Open two to see both on the same image: ", h("code", {}, `likeness explore ${quoted(state.runs[0].path)} OTHER_RUN`)));
  if (!state.source) return fill(root, empty("Open an image first."));
  const options = state.runs.map((one) => ({ name: `${one.path} · ${one.method}`, value: one.number }));
  const sides = pair.map(() => h("section", {}, h("p.note", {}, "Decoding…")));
  fill(root,
    h("div.bar", {}, pair.map((chosen, k) => choice(k ? "with" : "Compare", options, chosen, (run) => ((pair[k] = run), refresh())))),
    h("div.columns", { id: "compared" }, sides));
  await Promise.all(pair.map((run, k) => side(sides[k], state.runs[run])));
}

async function side(node, one) {
  try {
    const look = await ask("look", { run: one.number, channel: null, source: state.source, again: true, condition: shared(one) });
    const maps = [
      look.pixels && shot("Pixel difference", look.pixels.picture, `≤ ${number(look.pixels.most, 2)}`, "pixel-difference.png"),
      look.learned && shot("Learned difference", look.learned.picture, `≤ ${number(look.learned.most, 2)}`, "learned-difference.png"),
    ];
    const numbers = look.pixels
      ? [["MSE", look.pixels.mse], ["PSNR, dB", look.pixels.psnr], ["Learned distance, by its own metric", look.learned?.distance]]
      : [];
    fill(node, h("h2", {}, `${one.method}, ${one.step.toLocaleString()} steps`),
      h("div.pair", {}, shot("Image", look.original, "", "image.png"), look.made ? shot("Reconstruction", look.made, "", "reconstruction.png") : h("p.note", {}, "This run cannot encode the image."), maps),
      h("table", {}, numbers.filter(([, value]) => value !== undefined).map(([name, value]) => h("tr", {}, h("td", {}, name), h("td.n", {}, number(value))))),
      look.notes.length ? h("p.note", {}, `Changed to fit: ${look.notes.join("; ")}.`) : null);
  } catch (error) {
    fill(node, h("h2", {}, one.path), empty(error.message));
  }
}

const command = () => (state.runs.length < 2 ? line("reconstruct", word())
  : pair.map((run) => `likeness reconstruct ${quoted(state.runs[run].path)} ${word()}${under(shared(state.runs[run]))} --out run-${run}.png`).join(" && "));

export const panel = { id: "compare", title: "Compare", root, refresh, command };
