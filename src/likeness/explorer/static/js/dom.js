// Elements from a description: h("button.main", { onclick }, "Open").

const SVG = new Set(["svg", "polyline", "circle", "title"]);

export function h(what, properties = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = SVG.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  if (classes.length) node.setAttribute("class", classes.join(" "));
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && !SVG.has(tag)) node[name] = value;
    else node.setAttribute(name, value);
  }
  return fill(node, children);
}

export const $ = (selector) => document.querySelector(selector);

export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const empty = (...children) => h("p.empty", {}, ...children);

// A slider with its number; a double click, or Delete, brings it back.
export function slider({ name, value, min, max, step, title, oninput }) {
  const output = h("output", {}, shown(value));
  const input = h("input", { type: "range", min, max, step, value, "aria-label": name, title: title ?? name });
  const row = h(min === -max ? "label.slider.both" : "label.slider", {}, h("span", { title: name }, name), input, output);
  const heard = () => {
    output.textContent = shown(input.valueAsNumber);
    row.classList.toggle("moved", input.valueAsNumber !== value);
    oninput(input.valueAsNumber);
  };
  const reset = () => {
    if (input.valueAsNumber === value) return;
    input.value = value;
    heard();
  };
  input.addEventListener("input", heard);
  input.addEventListener("dblclick", reset);
  input.addEventListener("keydown", (event) => event.key === "Delete" && reset());
  return Object.assign(row, {
    place(number) {
      input.value = number;
      output.textContent = shown(number);
      row.classList.toggle("moved", number !== value);
    },
  });
}

// A few choices of which one holds.
export function choice(label, options, value, onchange) {
  const select = h("select", { onchange: () => onchange(options[select.selectedIndex].value) });
  select.append(...options.map((o) => h("option", { selected: o.value === value, disabled: o.disabled }, o.name)));
  return h("label.inline", {}, label, select);
}

// An image to click; its picture may be drawn at once or fetched.
export function cell(src, title, onclick, below = null) {
  const image = h("img", { src, alt: title, draggable: false });
  return h("button.cell", { title, onclick }, image, below && h("small", {}, below));
}

export function number(value, digits = 4) {
  if (value === null || value === undefined) return "";
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(2) : String(Number(value.toPrecision(digits)));
}

const shown = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2));
