"""Images read between their pixels, at places that are given in pixels from the middle."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.shapes import Images

Places = Float[Tensor, "n h w"]


def from_middle(x: Images) -> tuple[Float[Tensor, "h 1"], Float[Tensor, " w"]]:
    """How many pixels below the middle each row of images is, and to the right of it each column."""
    height, width = x.shape[2:]
    rows = torch.arange(height).to(x) - (height - 1) / 2
    columns = torch.arange(width).to(x) - (width - 1) / 2
    return rows[:, None], columns


def resample(x: Images, rows: Places, columns: Places, edges: str = "border") -> Images:
    """Each image as it is at these places, bilinear; beyond its `edges` it is repeated (`border`) or
    mirrored (`reflection`)."""
    height, width = x.shape[2:]
    grid = torch.stack([columns * 2 / width, rows * 2 / height], -1)
    return F.grid_sample(x, grid, padding_mode=edges, align_corners=False)
