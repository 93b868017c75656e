// What is on the screen: the run, the current image, its code, and how it was edited.
import { ask } from "./api.js";

export const state = {
  runs: [],
  run: 0,
  channel: null, // the one channel that is shown, or all
  source: null, // where the image comes from: {kind: "file" | "data" | "code", ...}
  word: "", // what a command calls it
  look: null, // what the server said of it
  code: null, // where edits start
  picture: null, // what is decoded now
  edited: null, // the code of that
  touched: false, // whether the user has chosen an image
};

const listeners = [];
export const listen = (hear) => listeners.push(hear);
export const changed = (what) => listeners.forEach((hear) => hear(what));
export const run = () => state.runs[state.run];
export const asked = (more = {}) => ({ run: state.run, channel: state.channel, ...more });

// What waits for an answer may come late: whether it is still the newest of its kind, of the same run.
export function turns() {
  let newest = 0;
  return () => {
    const [mine, number] = [++newest, state.run];
    return () => mine === newest && number === state.run;
  };
}

const begin = turns();

// Make an image the current one. Only the newest of several that are asked for comes to be.
export async function open(source, word, question = "look") {
  const current = begin();
  const look = await ask(question, asked({ source }));
  if (!current()) return;
  // a projection says nothing of the image itself, which is known already
  Object.assign(state, { source, word, look: question === "look" ? look : { ...state.look, ...look } });
  settle();
}

function settle() {
  const { code, made } = state.look;
  Object.assign(state, { code: code ?? null, edited: code ?? null, picture: made ?? null });
  changed("image");
}

export const openCode = (code, word) => open({ kind: "code", run: state.run, code }, word);
export const openData = (index, of = state.run) => open({ kind: "data", run: of, index }, "image.npy");

export async function openFile(file) {
  const content = await new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(new Error(`${file.name} cannot be read; choose another`));
    reader.readAsDataURL(file);
  });
  if (!content) throw new Error(`${file.name} is empty; choose another`);
  await open({ kind: "file", name: file.name, content }, file.name);
}

// Say more of the image that is there: its channels, its class.
export const reopen = (more = {}) => open({ ...state.source, ...more }, state.word);

export function show(picture, code) {
  Object.assign(state, { picture, edited: code });
  changed("picture");
}

export async function choose(more) {
  begin(); // what was asked of the run before is no longer wanted
  const gone = "run" in more ? { look: null, code: null, edited: null, picture: null } : {};
  Object.assign(state, more, gone);
  changed("run");
  if (state.source) await reopen();
}
