// The command that does what is on the screen.
import { $, number } from "./dom.js";
import { notice } from "./api.js";
import { run, state } from "./state.js";

export const quoted = (word) => (/^[\w./:,=+-]+$/.test(word) && !word.startsWith("-") ? word : `'${word.replaceAll("'", "'\\''")}'`);

const CONDITIONED = ["reconstruct", "edit", "sample", "interpolate", "neighbours"];

// A condition as commands take it.
export function under(condition) {
  const said = Object.entries(condition).map(([name, value]) => `${name}:${typeof value === "number" ? number(value, 6) : value}`).join(",");
  return said && ` --condition ${quoted(said)}`;
}

export const line = (verb, ...words) =>
  ["likeness", verb, quoted(run().path), ...words].join(" ") + (CONDITIONED.includes(verb) && run().conditions.length ? under(state.condition) : "");

// What a command calls the current image: the file, or what Download makes of it.
export const word = () => quoted(state.word || "image.npy");

export function tell(text) {
  $("#command").textContent = text;
  $("#command").title = text;
}

export async function copy() {
  await navigator.clipboard.writeText($("#command").textContent);
  notice("The command was copied");
}
