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
  condition: {}, // values of the run's conditions, by name, under which all is encoded and decoded
  touched: false, // whether the user has chosen an image
};

const listeners = [];
export const listen = (hear) => listeners.push(hear);
export const changed = (what) => listeners.forEach((hear) => hear(what));
export const run = () => state.runs[state.run];
export const conditioned = () => (run().conditions.length ? { condition: state.condition } : {});
export const asked = (more = {}) => ({ run: state.run, channel: state.channel, ...conditioned(), ...more });
// What is shown, as far as another run has such conditions; the rest is as it is there.
export const shared = (one) => Object.fromEntries(Object.entries(state.condition).filter(([name]) => one.conditions.some((c) => c.name === name)));
// The values that a run begins with.
export const usual = () => Object.fromEntries(run().conditions.map(({ name, value }) => [name, value]));

// Answers may come late: of work that is done one after the other, only the newest gives something, and only
// while the run is the same. Of the rest neither what it gives nor what went wrong is wanted.
export class Newest {
  count = 0;

  forget() {
    this.count += 1;
  }

  async of(work) {
    const [mine, number] = [++this.count, state.run];
    const wanted = () => mine === this.count && number === state.run;
    try {
      const given = await work();
      return wanted() ? given : null;
    } catch (error) {
      if (wanted()) throw error;
      return null;
    }
  }
}

const opening = new Newest();

// Make an image the current one: a source, or what finds one. Of several that are asked for, the newest.
export async function open(source, word, question = "look", more = {}) {
  const found = await opening.of(async () => {
    const there = typeof source === "function" ? await source() : source;
    return { source: there, look: await ask(question, asked({ source: there, ...more })) };
  });
  if (!found) return;
  // a projection says nothing of the image itself, which is known already
  const look = question === "look" ? found.look : { ...state.look, ...found.look };
  Object.assign(state, { source: found.source, word, look });
  settle();
}

function settle() {
  const { code, made, condition } = state.look;
  if (condition) state.condition = condition;
  Object.assign(state, { code: code ?? null, edited: code ?? null, picture: made ?? null });
  changed("image");
}

export const of = (code) => ({ kind: "code", run: state.run, code, ...conditioned() });
const at = (index) => ({ kind: "data", run: state.run, index });

const own = { condition: null }; // an image of the data is seen under its own

export const openCode = (code) => open(of(code), "code.npz");
export const openData = (index) => open(at(index), "image.npy", "look", own);
export const openFile = (file) => open(() => read(file), file.name);
export const openSample = (seed) => open(async () => of((await ask("samples", asked({ n: 1, seed }))).codes[0]), "code.npz");
export const openRandom = () => open(randomData, "image.npy", "look", own);

// How the run's codes are seen where nothing else was chosen.
export const view = () => (run().size === 2 ? "codes" : "pca");

// Any image of the run's data.
export async function randomData() {
  const { labels } = await ask("plane", { run: state.run, by: view() });
  return at(Math.floor(Math.random() * labels.length));
}

async function read(file) {
  const content = await new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(new Error(`${file.name} cannot be read; choose another`));
    reader.readAsDataURL(file);
  });
  if (!content) throw new Error(`${file.name} is empty; choose another`);
  return { kind: "file", name: file.name, content };
}

// Say more of the image that is there: its channels, its class.
export function reopen(more = {}) {
  const source = { ...state.source, ...more };
  if (source.kind === "code" && source.run === state.run) Object.assign(source, conditioned());
  return open(source, state.word);
}

// See everything under another condition.
export async function condition(more) {
  Object.assign(state, { condition: { ...state.condition, ...more } });
  if (state.source) await reopen();
}

export function show(picture, code) {
  Object.assign(state, { picture, edited: code });
  changed("picture");
}

export async function choose(more) {
  opening.forget(); // what was asked of the run or the channels before is no longer wanted
  const gone = "run" in more ? { look: null, code: null, edited: null, picture: null } : {};
  Object.assign(state, more, gone);
  if ("run" in more) state.condition = usual();
  changed("run");
  if (state.source) await reopen();
}
