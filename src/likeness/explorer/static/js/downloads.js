// Files to keep: what is seen as PNG or SVG, images and codes in their own numbers.
import { ask, trying } from "./api.js";
import { h } from "./dom.js";
import { conditioned, state } from "./state.js";

export function save(name, address) {
  h("a", { href: address, download: name }).click();
}

export function saveBytes(name, content) {
  const address = URL.createObjectURL(new Blob([content]));
  save(name, address);
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// The image or the code of a source, as a file that the commands take.
export const saveFile = trying(async (source, kind, name = kind === "code" ? "code.npz" : "image.npy") => {
  const { content } = await ask("file", { run: state.run, source, kind, ...conditioned() });
  saveBytes(name, bytes(content));
});

// Images of a grid, drawn into one picture, each pixel a square.
export function saveGrid(name, images, columns) {
  const [first] = images;
  const scale = Math.max(1, Math.ceil(64 / Math.max(first.naturalWidth, first.naturalHeight)));
  const [w, hgt, gap] = [first.naturalWidth * scale, first.naturalHeight * scale, 2];
  const canvas = h("canvas", { width: columns * (w + gap) + gap, height: Math.ceil(images.length / columns) * (hgt + gap) + gap });
  const draw = canvas.getContext("2d");
  draw.imageSmoothingEnabled = false;
  draw.fillStyle = "white";
  draw.fillRect(0, 0, canvas.width, canvas.height);
  images.forEach((image, k) => draw.drawImage(image, gap + (k % columns) * (w + gap), gap + Math.floor(k / columns) * (hgt + gap), w, hgt));
  save(name, canvas.toDataURL("image/png"));
}

export const saver = (onclick, title = "Download") => h("button.small", { onclick, title }, "Download");
