// The command that does what is on the screen.
import { $ } from "./dom.js";
import { notice } from "./api.js";
import { run, state } from "./state.js";

export const quoted = (word) => (/^[\w./:,=+-]+$/.test(word) && !word.startsWith("-") ? word : `'${word.replaceAll("'", "'\\''")}'`);

export const line = (verb, ...words) => ["likeness", verb, quoted(run().path), ...words].join(" ");

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
