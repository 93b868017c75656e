"""Images distorted at random, each otherwise: what an encoder is to see past."""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.losses import precise
from likeness.noise import Noise
from likeness.shapes import Images


def distorted(x: Images, turn: float, zoom: float, shear: float, shift: float, noise: Noise) -> Images:
    """Each image turned, stretched, slanted and moved around its middle; edges are repeated.

    Evenly drawn: an angle of up to `turn` degrees, factors of e^-zoom to e^zoom for height and width,
    a slant of up to `shear` columns for each row, and moves of up to `shift` pixels.
    """
    (n, _, height, width), like = x.shape, precise(x)
    angle, tall, wide, slant, down, right = _drawn(n, noise).to(like) * like.new_tensor(
        [math.radians(turn), zoom, zoom, shear, shift, shift]
    ).view(6, 1, 1, 1)
    rows = (torch.arange(height).to(like) - (height - 1) / 2)[:, None] - down
    columns = torch.arange(width).to(like) - (width - 1) / 2 - right
    from_row = tall.exp() * (angle.cos() * rows - angle.sin() * columns)
    from_column = wide.exp() * (angle.sin() * rows + angle.cos() * columns + slant * rows)
    grid = torch.stack([from_column * 2 / width, from_row * 2 / height], -1)
    return F.grid_sample(like, grid, padding_mode="border", align_corners=False).to(x)


def _drawn(n: int, noise: Noise) -> Float[Tensor, "6 n 1 1"]:
    """Numbers between -1 and 1."""
    return 2 * noise.uniform("distortion", (n, 6)).T[:, :, None, None] - 1
