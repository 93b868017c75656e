"""Ways to distort images, each from a little to much."""

import math
from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.shapes import Images

Distortion = Callable[[Images, float], Images]
LEVELS = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Severities; 1 is much."""
BLUR, NOISE, SHIFT, ROTATION = 0.1, 0.8, 0.2, 45.0
"""What a severity of 1 is: a Gaussian's width and a move as shares of the image's side, a standard
deviation in [-1, 1], degrees."""


def blur(x: Images, severity: float) -> Images:
    """A Gaussian filter."""
    sigma = severity * BLUR * min(x.shape[2:])
    reach = min(math.ceil(3 * sigma), min(x.shape[2:]) - 1)
    t = torch.arange(-reach, reach + 1, dtype=x.dtype)
    kernel = torch.exp(-0.5 * (t / sigma) ** 2)
    kernel = (kernel / kernel.sum()).expand(x.shape[1], 1, -1)
    padded = F.pad(x, (reach,) * 4, mode="replicate")
    across = F.conv2d(padded, kernel[:, :, None], groups=x.shape[1])
    return F.conv2d(across, kernel[:, :, :, None], groups=x.shape[1])


def noise(x: Images, severity: float) -> Images:
    """White noise, the same at every severity but for its strength."""
    fixed = torch.randn(x.shape, generator=torch.Generator().manual_seed(0))
    return (x + severity * NOISE * fixed.to(x)).clamp(-1, 1)


def occlusion(x: Images, severity: float) -> Images:
    """A grey square over the middle, of half the image's area at most."""
    height, width = x.shape[2:]
    h, w = (max(1, round(side * math.sqrt(0.5 * severity))) for side in (height, width))
    top, left = (height - h) // 2, (width - w) // 2
    hidden = x.clone()
    hidden[:, :, top : top + h, left : left + w] = 0
    return hidden


def shift(x: Images, severity: float) -> Images:
    """Moved to the right, edges repeated."""
    return moved(x, max(1, round(severity * SHIFT * x.shape[3])))


def moved(x: Images, pixels: int) -> Images:
    """Moved to the right by whole pixels, edges repeated."""
    return F.pad(x, (pixels, 0, 0, 0), mode="replicate")[:, :, :, : x.shape[3]]


def rotation(x: Images, severity: float) -> Images:
    """Turned around the middle, edges repeated."""
    return turned(x, severity * ROTATION)


def turned(x: Images, degrees: float) -> Images:
    """Turned by an angle, in pixels that are square."""
    angle, ratio = math.radians(degrees), x.shape[3] / x.shape[2]
    rows: Float[Tensor, "2 3"] = torch.tensor(
        [[math.cos(angle), -math.sin(angle) / ratio, 0], [math.sin(angle) * ratio, math.cos(angle), 0]],
        dtype=x.dtype,
    )
    grid = F.affine_grid(rows.expand(len(x), 2, 3), list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


def contrast(x: Images, severity: float) -> Images:
    """Drawn towards the mean of each image."""
    mean = x.mean((1, 2, 3), keepdim=True)
    return mean + (1 - 0.9 * severity) * (x - mean)


DISTORTIONS: Mapping[str, Distortion] = {
    "blur": blur, "noise": noise, "occlusion": occlusion,
    "shift": shift, "rotation": rotation, "contrast": contrast,
}  # fmt: skip
MILD: Mapping[str, Callable[[Images], Images]] = {
    "one pixel to the right": lambda x: moved(x, 1),
    "turned by 5 degrees": lambda x: turned(x, 5.0),
}
"""Changes that leave an image what it is."""
