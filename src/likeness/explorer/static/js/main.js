// The page: runs, tabs, keys, theme, and images that are dropped.
import { ask, notice, trying, wrong } from "./api.js";
import { panel as between } from "./between.js";
import { copy, tell } from "./command.js";
import { panel as compare } from "./compare.js";
import { $, choice, fill, h } from "./dom.js";
import { panel as edit, reset } from "./edit.js";
import { panel as map } from "./map.js";
import { panel as neighbours } from "./neighbours.js";
import { panel as samples } from "./samples.js";
import * as stage from "./stage.js";
import { choose, listen, openData, openSample, run, state, usual, view } from "./state.js";
import { panel as training } from "./training.js";

const PANELS = [edit, samples, between, map, neighbours, compare, training];
let active = edit;
const stale = new Set(PANELS);

async function start() {
  const { runs } = await ask("runs");
  state.runs = runs;
  state.condition = usual();
  document.title = `${runs.map((one) => one.path.split("/").at(-1)).join(", ")} · Likeness`;
  header();
  tabs();
  stage.build();
  listen((what) => {
    if (what === "run") header();
    if (what === "picture") return tell(active.command());
    PANELS.forEach((panel) => stale.add(panel));
    return refresh();
  });
  await first();
}

// A sample at once; an image of the data as soon as these are read, unless the user was quicker.
async function first() {
  await openSample(0);
  if (!run().coding) return;
  try {
    await ask("plane", { run: state.run, by: view() });
    if (!state.touched) await openData(0);
  } catch (error) {
    notice(`The run's own images cannot be shown: ${error.message}`);
  }
}

const refresh = trying(async () => {
  tell(active.command());
  if (!stale.delete(active)) return;
  await active.refresh();
  tell(active.command());
});

function header() {
  const one = run();
  const runs = state.runs.map((r) => ({ name: r.path, value: r.number }));
  const [channels, height, width] = one.shape;
  const parts = [{ name: "all channels", value: null }, ...[...Array(channels).keys()].map((k) => ({ name: `channel ${k}`, value: k }))];
  fill($("#run"),
    state.runs.length > 1 ? choice("", runs, state.run, (k) => choose({ run: k, channel: null }).catch(wrong)) : h("span", {}, one.path),
    h("span.about", {}, `${one.method} · ${one.step.toLocaleString()} steps · ${width} × ${height}${channels > 1 ? ` × ${channels}` : ""} ${one.dtype}`),
    channels > 1 ? choice("", parts, state.channel, (channel) => choose({ channel }).catch(wrong)) : null);
}

function tabs() {
  const bar = $("#tabs");
  fill(bar, PANELS.map((panel) => h("button", { role: "tab", id: `tab-${panel.id}`, "aria-controls": panel.id, onclick: () => go(panel) }, panel.title)));
  fill($("#panels"), PANELS.map((panel) => {
    const { root } = panel;
    Object.assign(root, { id: panel.id, tabIndex: -1 });
    root.setAttribute("role", "tabpanel");
    root.setAttribute("aria-labelledby", `tab-${panel.id}`);
    return root;
  }));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    go(PANELS[(PANELS.indexOf(active) + step + PANELS.length) % PANELS.length]);
    $(`#tab-${active.id}`).focus();
  });
  go(active, false);
}

function go(panel, now = true) {
  active = panel;
  for (const one of PANELS) {
    const tab = $(`#tab-${one.id}`);
    tab.setAttribute("aria-selected", one === panel);
    tab.tabIndex = one === panel ? 0 : -1;
    one.root.hidden = one !== panel;
  }
  if (now) refresh();
}

const KEYS = [
  ["1 – 7", "tools", null],
  ["O", "open an image", stage.pick],
  ["R", "an image of the run's data", stage.random],
  ["S", "a sample", stage.sample],
  ["0", "all sliders back", reset],
  ["C", "copy the command", trying(copy)],
  ["T", "light or dark", theme],
  ["?", "these keys", () => $("#keys").showModal()],
];

function key(event) {
  const typing = event.target.matches("input:not([type=range], [type=checkbox]), select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || $("#keys").open) return;
  const name = event.key.toUpperCase();
  const panel = PANELS[Number(name) - 1];
  if (panel) go(panel);
  else KEYS.find(([letter]) => letter === name)?.[2]?.();
}

function theme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
}

function dropping() {
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const over = (change) => {
    depth = Math.max(0, depth + change);
    $("#drop").hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => carries(event) && over(1));
  addEventListener("dragleave", (event) => carries(event) && over(-1));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    over(-depth);
    if (event.dataTransfer.files[0]) stage.take(event.dataTransfer.files[0]);
  });
  addEventListener("paste", (event) => event.clipboardData?.files[0] && stage.take(event.clipboardData.files[0]));
}

fill($("#theme"), "◐");
$("#theme").addEventListener("click", theme);
$("#help").addEventListener("click", () => $("#keys").showModal());
$("#copy").addEventListener("click", trying(copy));
fill($("#keys"), h("strong", {}, "Keys"), h("dl", {}, KEYS.map(([name, what]) => [h("dt", {}, h("kbd", {}, name)), h("dd", {}, what)])), h("button.main", { onclick: () => $("#keys").close() }, "Close"));
addEventListener("keydown", key);
dropping();
start().catch(wrong);
