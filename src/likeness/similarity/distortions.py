"""Distortions of images, each with a severity."""

import math
from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.shapes import Images

Distortion = Callable[[Images, float], Images]
"""A function of images in [-1, 1] and a severity in (0, 1]."""
SEVERITIES = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Severities of distortions, ascending."""
MAX_BLUR, MAX_NOISE, MAX_SHIFT, MAX_ROTATION = 0.1, 0.8, 0.2, 45.0
"""Distortions of severity 1: the width of the Gaussian filter as a share of the side, the standard
deviation of noise in [-1, 1], the shift as a share of the side, and the rotation in degrees."""


def blur(x: Images, severity: float) -> Images:
    """Images under a Gaussian filter."""
    return blur_by(x, severity * MAX_BLUR)


def blur_by(x: Images, share: float) -> Images:
    """Images under a Gaussian filter, whose standard deviation is a share of the smaller side; edges are
    repeated."""
    sigma = share * min(x.shape[2:])
    reach = min(math.ceil(3 * sigma), min(x.shape[2:]) - 1)
    t = torch.arange(-reach, reach + 1, dtype=x.dtype)
    kernel = torch.exp(-0.5 * (t / sigma) ** 2)
    kernel = (kernel / kernel.sum()).expand(x.shape[1], 1, -1)
    padded = F.pad(x, (reach,) * 4, mode="replicate")
    across = F.conv2d(padded, kernel[:, :, None], groups=x.shape[1])
    return F.conv2d(across, kernel[:, :, :, None], groups=x.shape[1])


def add_noise(x: Images, severity: float) -> Images:
    """Images with white noise, which is equal at every severity up to its strength."""
    fixed = torch.randn(x.shape, generator=torch.Generator().manual_seed(0))
    return (x + severity * MAX_NOISE * fixed.to(x)).clamp(-1, 1)


def occlude(x: Images, severity: float) -> Images:
    """Images with a grey rectangle over the middle, of at most half the area."""
    height, width = x.shape[2:]
    h, w = (max(1, round(side * math.sqrt(0.5 * severity))) for side in (height, width))
    top, left = (height - h) // 2, (width - w) // 2
    hidden = x.clone()
    hidden[:, :, top : top + h, left : left + w] = 0
    return hidden


def shift(x: Images, severity: float) -> Images:
    """Images shifted to the right, with repeated edges."""
    return shift_by(x, max(1, round(severity * MAX_SHIFT * x.shape[3])))


def shift_by(x: Images, pixels: int) -> Images:
    """Images shifted to the right by whole pixels, with repeated edges."""
    return F.pad(x, (pixels, 0, 0, 0), mode="replicate")[:, :, :, : x.shape[3]]


def rotate(x: Images, severity: float) -> Images:
    """Images rotated around the middle, with repeated edges."""
    return rotate_by(x, severity * MAX_ROTATION)


def rotate_by(x: Images, degrees: float) -> Images:
    """Images rotated around the middle by an angle in degrees, with repeated edges."""
    angle, ratio = math.radians(degrees), x.shape[3] / x.shape[2]
    rows: Float[Tensor, "2 3"] = torch.tensor(
        [[math.cos(angle), -math.sin(angle) / ratio, 0], [math.sin(angle) * ratio, math.cos(angle), 0]],
        dtype=x.dtype,
    )
    grid = F.affine_grid(rows.expand(len(x), 2, 3), list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


def reduce_contrast(x: Images, severity: float) -> Images:
    """Images drawn towards their own mean."""
    mean = x.mean((1, 2, 3), keepdim=True)
    return mean + (1 - 0.9 * severity) * (x - mean)


DISTORTIONS: Mapping[str, Distortion] = {
    "blur": blur, "noise": add_noise, "occlusion": occlude,
    "shift": shift, "rotation": rotate, "contrast": reduce_contrast,
}  # fmt: skip
MILD_CHANGES: Mapping[str, Callable[[Images], Images]] = {
    "one pixel to the right": lambda x: shift_by(x, 1),
    "turned by 5 degrees": lambda x: rotate_by(x, 5.0),
}
"""Changes by name that do not change the content of an image."""
