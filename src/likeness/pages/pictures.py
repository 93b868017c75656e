"""Pictures of images: grids, originals over reconstructions, for people to look at."""

import io

import torch
from jaxtyping import Float
from PIL import Image, ImageDraw
from torch import Tensor

from likeness.shapes import Images, Labels

SMALLEST_CELL = 64
"""Pixels: smaller images are enlarged by a whole factor, each pixel a square."""
GAP = 2


def grid(images: Images, columns: int) -> Image.Image:
    """Images in [-1, 1], row by row, on white; see `coloured` for how channels are shown."""
    cells = enlarge(to_colour(images.detach().float().cpu()))
    n, _, h, w = cells.shape
    rows = -(-n // columns)
    sheet = torch.ones(3, rows * (h + GAP) + GAP, columns * (w + GAP) + GAP)
    for k, cell in enumerate(cells):
        top, left = GAP + k // columns * (h + GAP), GAP + k % columns * (w + GAP)
        sheet[:, top : top + h, left : left + w] = cell
    return plain(sheet)


def rows(*images: Images) -> Image.Image:
    """Sets of the same number of images, each a row: originals over reconstructions."""
    return grid(torch.cat(images), columns=len(images[0]))


def pairs(above: Images, below: Images, columns: int = 8) -> Image.Image:
    """Originals over reconstructions, in as many double rows of `columns` as they need."""
    columns = min(columns, len(above))
    white = above.new_ones(-len(above) % columns, *above.shape[1:])
    rows = (torch.cat([x, white]).split(columns) for x in (above, below))
    return grid(torch.cat([part for two in zip(*rows) for part in two]), columns)


def plain(image: Float[Tensor, "3 h w"]) -> Image.Image:
    """One image in [0, 1], pixel by pixel."""
    return Image.fromarray((image * 255).round().byte().permute(1, 2, 0).contiguous().numpy())


def animation(images: Images, fps: float) -> bytes:
    """A GIF of images in [-1, 1] one after the other, which starts again at its end; each frame has 256
    colours of its own."""
    shown = enlarge(to_colour(images.detach().float().cpu()))
    frames = [plain(one).quantize(256, Image.Quantize.MEDIANCUT) for one in shown]
    buffer = io.BytesIO()
    rest = {"save_all": True, "append_images": frames[1:], "duration": round(1000 / fps), "loop": 0}
    frames[0].save(buffer, "GIF", disposal=1, optimize=False, **rest)
    return buffer.getvalue()


HEAT = ((0, 0, 4), (74, 12, 107), (165, 44, 96), (237, 105, 37), (251, 180, 26), (252, 255, 164))
"""Colours of numbers from 0 to 1, evenly spaced, ever lighter."""


def heat(values: Float[Tensor, "h w"]) -> Image.Image:
    """Numbers in [0, 1] as colours, from dark to light."""
    anchors = torch.tensor(HEAT) / 255
    place = values.clamp(0, 1) * (len(HEAT) - 1)
    below = place.long().clamp_max(len(HEAT) - 2)
    colours = torch.lerp(anchors[below], anchors[below + 1], (place - below)[..., None])
    return plain(colours.permute(2, 0, 1))


def to_colour(images: Images) -> Float[Tensor, "n 3 h w2"]:
    """Images in [0, 1] for the eye: one channel as grey, three as red, green and blue, and any other
    number as grey images side by side."""
    unit = ((images + 1) / 2).clamp(0, 1)
    if unit.shape[1] == 3:
        return unit
    side_by_side = torch.cat(unit.split(1, dim=1), dim=3)
    return side_by_side.expand(-1, 3, -1, -1)


def enlarge(images: Images) -> Float[Tensor, "n c h2 w2"]:
    """Small images by a whole factor, so that each pixel is seen."""
    factor = max(1, -(-SMALLEST_CELL // max(images.shape[2:])))
    return images.repeat_interleave(factor, 2).repeat_interleave(factor, 3)


PALETTE = (
    "#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951",
    "#ff8ab7", "#a463f2", "#97bbf5", "#9c6b4e", "#9498a0",
)  # fmt: skip
"""Colours of classes, one after the other."""


def scatter(
    codes: Float[Tensor, "n 2"], labels: Labels, prior: Float[Tensor, "m 2"], side: int = 640
) -> Image.Image:
    """Codes in the plane, coloured by label, over how dense samples of the prior are (grey)."""
    reach = 1.08 * float(torch.quantile(torch.cat([codes, prior]).abs().flatten()[:1_000_000], 0.998))
    image = _density(prior, reach, side).convert("RGB")
    draw = ImageDraw.Draw(image)
    places = _places(codes, reach, side).tolist()
    for (x, y), label in zip(places, labels.tolist()):
        colour = "black" if label < 0 else PALETTE[label % len(PALETTE)]
        draw.ellipse((x - 1.5, y - 1.5, x + 1.5, y + 1.5), fill=colour)
    return image


def _density(points: Float[Tensor, "n 2"], reach: float, side: int, cells: int = 80) -> Image.Image:
    edges = [cells, cells]
    counts = torch.histogramdd(points.flip(1), edges, range=[-reach, reach, -reach, reach]).hist
    shade = 255 - 90 * (counts.flip(0) / counts.max()).sqrt()
    return Image.fromarray(shade.byte().numpy()).resize((side, side), Image.Resampling.BICUBIC)


def _places(codes: Float[Tensor, "n 2"], reach: float, side: int) -> Float[Tensor, "n 2"]:
    """Where codes are in a picture: the second dimension upwards."""
    unit = (codes / reach + 1) / 2
    return torch.stack([unit[:, 0], 1 - unit[:, 1]], 1) * side


def png(image: Image.Image, level: int = 6) -> bytes:
    """The bytes of a PNG file; `level` 1 is the fastest compression, 9 the best."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=level)
    return buffer.getvalue()
