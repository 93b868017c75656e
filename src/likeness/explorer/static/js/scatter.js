// Points on a canvas: hover, click, keys, and a box that is drawn.
import { h } from "./dom.js";

const PALETTE = ["#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#ff8ab7", "#a463f2", "#97bbf5", "#9c6b4e", "#9498a0"];
const NEAR = 14;
const MARGIN = 18;
const DRAG = 5;

export class Scatter {
  constructor({ points, labels }, { hover, click, brush }) {
    Object.assign(this, { points, labels, hover, click, brush, marked: -1, over: -1, box: null, from: null });
    this.canvas = h("canvas", { id: "scatter", tabIndex: 0, role: "application", "aria-label": "Codes as points: arrow keys go from one to another, Enter opens its image" });
    this.order = points.map((_, k) => k).sort((a, b) => points[a][0] - points[b][0]);
    this.limits();
    this.listen();
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    new MutationObserver(() => this.draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  colour(label) {
    return label < 0 ? "#8a93a3" : PALETTE[label % PALETTE.length];
  }

  // The middle 99.8 % of the points fill the picture, at one scale in both directions.
  limits() {
    const range = (axis) => {
      const values = this.points.map((point) => point[axis]).sort((a, b) => a - b);
      const cut = Math.floor(values.length * 0.001);
      return [values[cut], values[values.length - 1 - cut]];
    };
    this.ranges = [range(0), range(1)];
  }

  scale() {
    const { clientWidth: w, clientHeight: t } = this.canvas;
    const [[x0, x1], [y0, y1]] = this.ranges;
    const unit = Math.min((w - 2 * MARGIN) / (x1 - x0 || 1), (t - 2 * MARGIN) / (y1 - y0 || 1));
    return { unit, left: w / 2 - (unit * (x0 + x1)) / 2, top: t / 2 + (unit * (y0 + y1)) / 2 };
  }

  place([x, y], { unit, left, top } = this.scale()) {
    return [left + unit * x, top - unit * y];
  }

  back([px, py], { unit, left, top } = this.scale()) {
    return [(px - left) / unit, (top - py) / unit];
  }

  draw() {
    const { canvas } = this;
    const fine = window.devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * fine;
    canvas.height = canvas.clientHeight * fine;
    const pen = canvas.getContext("2d");
    pen.scale(fine, fine);
    const colours = getComputedStyle(canvas);
    pen.fillStyle = getComputedStyle(document.body).backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    const scale = this.scale();
    pen.globalAlpha = 0.8;
    this.points.forEach((point, k) => this.dot(pen, this.place(point, scale), 2.6, this.colour(this.labels[k])));
    pen.globalAlpha = 1;
    for (const [k, width] of [[this.marked, 2], [this.over, 1.5]]) {
      if (k < 0) continue;
      pen.lineWidth = width;
      pen.strokeStyle = colours.color;
      pen.beginPath();
      pen.arc(...this.place(this.points[k], scale), 7, 0, 7);
      pen.stroke();
    }
    if (this.box) this.outline(pen, this.box);
  }

  dot(pen, [x, y], size, colour) {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x, y, size, 0, 7);
    pen.fill();
  }

  outline(pen, [[x0, y0], [x1, y1]]) {
    pen.strokeStyle = "#2f6fed";
    pen.fillStyle = "#2f6fed22";
    pen.lineWidth = 1;
    pen.fillRect(x0, y0, x1 - x0, y1 - y0);
    pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }

  mark(k) {
    this.marked = k;
    this.draw();
  }

  nearest([px, py]) {
    const scale = this.scale();
    let [best, least] = [-1, NEAR ** 2];
    this.points.forEach((point, k) => {
      const [x, y] = this.place(point, scale);
      const far = (x - px) ** 2 + (y - py) ** 2;
      if (far < least) [best, least] = [k, far];
    });
    return best;
  }

  point(k) {
    if (k === this.over) return;
    this.over = k;
    this.hover(k);
    this.draw();
  }

  listen() {
    const { canvas } = this;
    const at = (event) => [event.offsetX, event.offsetY];
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      Object.assign(this, { from: at(event), box: null });
    });
    canvas.addEventListener("pointermove", (event) => {
      const to = at(event);
      if (!this.from) return this.point(this.nearest(to));
      if (Math.hypot(to[0] - this.from[0], to[1] - this.from[1]) > DRAG || this.box) this.box = [this.from, to];
      return this.draw();
    });
    canvas.addEventListener("pointerup", (event) => {
      const { box } = this;
      this.from = null;
      if (box) return this.decode(box);
      const k = this.nearest(at(event));
      if (k >= 0) this.click(k);
    });
    canvas.addEventListener("pointercancel", () => Object.assign(this, { from: null, box: null }));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  decode([from, to]) {
    const [a, b] = [this.back(from), this.back(to)];
    this.brush([Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])]);
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const now = this.order.indexOf(this.over);
      this.point(this.order[(now + step + this.order.length) % this.order.length]);
    } else if (event.key === "Enter" && this.over >= 0) this.click(this.over);
  }

  picture() {
    return this.canvas.toDataURL("image/png");
  }
}
