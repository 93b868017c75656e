"""Pictures of images: grids, originals over reconstructions, for people to look at."""

import io

import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from likeness.shapes import Images

SMALLEST_CELL = 64
"""Pixels: smaller images are enlarged by a whole factor, each pixel a square."""
GAP = 2


def grid(images: Images, columns: int) -> Image.Image:
    """Images in [-1, 1], row by row, on white; see `coloured` for how channels are shown."""
    cells = enlarged(coloured(images.detach().float().cpu()))
    n, _, h, w = cells.shape
    rows = -(-n // columns)
    sheet = torch.ones(3, rows * (h + GAP) + GAP, columns * (w + GAP) + GAP)
    for k, cell in enumerate(cells):
        top, left = GAP + k // columns * (h + GAP), GAP + k % columns * (w + GAP)
        sheet[:, top : top + h, left : left + w] = cell
    return Image.fromarray((sheet * 255).round().byte().permute(1, 2, 0).numpy())


def rows(*images: Images) -> Image.Image:
    """Sets of the same number of images, each a row: originals over reconstructions."""
    return grid(torch.cat(images), columns=len(images[0]))


def pairs(above: Images, below: Images, columns: int = 8) -> Image.Image:
    """Originals over reconstructions, in as many double rows of `columns` as they need."""
    columns = min(columns, len(above))
    white = above.new_ones(-len(above) % columns, *above.shape[1:])
    rows = (torch.cat([x, white]).split(columns) for x in (above, below))
    return grid(torch.cat([part for two in zip(*rows) for part in two]), columns)


def coloured(images: Images) -> Float[Tensor, "n 3 h w2"]:
    """Images in [0, 1] for the eye: one channel as grey, three as red, green and blue, and any other
    number as grey images side by side."""
    unit = ((images + 1) / 2).clamp(0, 1)
    if unit.shape[1] == 3:
        return unit
    side_by_side = torch.cat(unit.split(1, dim=1), dim=3)
    return side_by_side.expand(-1, 3, -1, -1)


def enlarged(images: Images) -> Float[Tensor, "n c h2 w2"]:
    """Small images by a whole factor, so that each pixel is seen."""
    factor = max(1, -(-SMALLEST_CELL // max(images.shape[2:])))
    return images.repeat_interleave(factor, 2).repeat_interleave(factor, 3)


def png(image: Image.Image) -> bytes:
    """The bytes of a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
