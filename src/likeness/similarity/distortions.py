"""Distortions of images that keep what they show, each with a severity from 0 to 1, by which a metric is
judged.

To add a kind: a function, and its name in `DISTORTIONS`, or in `UNSEEN_DISTORTIONS` if no view resembles
it.
"""

import io
import math
from collections.abc import Callable, Mapping

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from likeness.noise import Noise
from likeness.resampling import from_middle, resample
from likeness.shapes import Images

Distortion = Callable[[Images, float, Noise], Images]
"""A function of images in [-1, 1], a severity and random numbers."""
SEVERITIES = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Severities by which growth is measured, ascending."""
HARD = 0.6
"""Severity in the two-alternative forced choice."""
SHIFT, ROTATION, ZOOM, BLUR, NOISE = 0.2, 30.0, 0.35, 0.06, 0.6
"""At severity 1: shift as a share of the side, rotation in degrees, logarithm of the magnification, width
of the Gaussian filter as a share of the smaller side, standard deviation of noise."""
CONTRAST, BRIGHTNESS, CAST, GAMMA, HIDDEN = 0.7, 0.4, 0.6, 1.5, 0.25
"""At severity 1: share of the contrast that is lost, shift of the level, shift of the levels of channels,
base-2 logarithm of an exponent, share of the area that is hidden."""
WARP, WARP_POINTS, IMPULSES, LINE_PERIOD = 0.08, 5, 0.25, 8
"""At severity 1: deviation of a smooth field as a share of the side, which has so many points a side, the
share of pixels that are black or white, and rows of which half are hidden."""
QUALITIES = (40, 4)
"""JPEG qualities at severities 0 and 1."""


def move(x: Images, severity: float, noise: Noise) -> Images:
    """Images moved in a random direction; edges are repeated."""
    angle = 2 * math.pi * noise.uniform("direction", (len(x), 1, 1)).to(x)
    rows, columns = from_middle(x)
    height, width = x.shape[2:]
    far = severity * SHIFT
    down, right = far * height * angle.sin(), far * width * angle.cos()
    return resample(x, (rows + down).expand(-1, -1, width), (columns + right).expand(-1, height, -1))


def turn(x: Images, severity: float, noise: Noise) -> Images:
    """Images rotated to either side around the middle; edges are repeated."""
    angle = math.radians(ROTATION) * severity * _sign(x, noise)[:, 0]
    rows, columns = from_middle(x)
    return resample(
        x, angle.cos() * rows - angle.sin() * columns, angle.sin() * rows + angle.cos() * columns
    )


def magnify(x: Images, severity: float, noise: Noise) -> Images:
    """Images magnified or made smaller around the middle; edges are repeated."""
    factor = torch.exp(ZOOM * severity * _sign(x, noise)[:, 0])
    rows, columns = from_middle(x)
    height, width = x.shape[2:]
    return resample(x, (factor * rows).expand(-1, -1, width), (factor * columns).expand(-1, height, -1))


def fade(x: Images, severity: float, noise: Noise) -> Images:
    """Images with less contrast, brighter or darker."""
    mean = x.mean((1, 2, 3), keepdim=True)
    shift = BRIGHTNESS * severity * _sign(x, noise)
    return (mean + (1 - CONTRAST * severity) * (x - mean) + shift).clamp(-1, 1)


def cast(x: Images, severity: float, noise: Noise) -> Images:
    """Images whose channels are brighter or darker against one another; of one channel, with another
    gamma."""
    if x.shape[1] == 1:
        exponent = torch.exp2(GAMMA * severity * _sign(x, noise))
        return ((x + 1) / 2).clamp(1e-6, 1) ** exponent * 2 - 1
    levels = noise("levels", (len(x), x.shape[1])).to(x)
    levels = levels - levels.mean(1, keepdim=True)
    levels = levels / levels.abs().amax(1, keepdim=True).clamp_min(1e-6)
    return (x + CAST * severity * levels[:, :, None, None]).clamp(-1, 1)


def blur(x: Images, severity: float, noise: Noise) -> Images:
    """Images under a Gaussian filter."""
    return blur_by(x, BLUR * severity)


def blur_by(x: Images, share: float) -> Images:
    """Images under a Gaussian filter, whose standard deviation is a share of the smaller side; edges are
    repeated."""
    sigma = share * min(x.shape[2:])
    reach = max(1, min(math.ceil(3 * sigma), min(x.shape[2:]) - 1))
    t = torch.arange(-reach, reach + 1).to(x)
    kernel = torch.exp(-0.5 * (t / sigma) ** 2)
    kernel = (kernel / kernel.sum()).expand(x.shape[1], 1, -1)
    padded = F.pad(x, (reach,) * 4, mode="replicate")
    across = F.conv2d(padded, kernel[:, :, None], groups=x.shape[1])
    return F.conv2d(across, kernel[:, :, :, None], groups=x.shape[1])


def add_noise(x: Images, severity: float, noise: Noise) -> Images:
    """Images with white noise."""
    return (x + NOISE * severity * noise("noise", x.shape).to(x)).clamp(-1, 1)


def hide(x: Images, severity: float, noise: Noise) -> Images:
    """Images with a rectangle replaced by the mean level of each channel."""
    hidden = _rectangle(x, math.sqrt(HIDDEN * severity), noise)
    return torch.where(hidden, x.mean((2, 3), keepdim=True), x)


def compress(x: Images, severity: float, noise: Noise) -> Images:
    """Images after JPEG compression, each channel by itself."""
    quality = round(QUALITIES[0] * (1 - severity) + QUALITIES[1] * severity)
    planes = ((x.flatten(0, 1) + 1) * 127.5).round().clamp(0, 255).byte().cpu().numpy()
    decoded = np.stack([_jpeg(plane, quality) for plane in planes])
    return (torch.from_numpy(decoded).to(x) / 127.5 - 1).view(x.shape)


def pixelate(x: Images, severity: float, noise: Noise) -> Images:
    """Images in larger pixels."""
    height, width = (max(3, round(side * (1 - 0.85 * math.sqrt(severity)))) for side in x.shape[2:])
    return F.interpolate(F.adaptive_avg_pool2d(x, (height, width)), list(x.shape[2:]), mode="nearest")


def warp(x: Images, severity: float, noise: Noise) -> Images:
    """Images moved by a smooth random field; edges are repeated."""
    height, width = x.shape[2:]
    points = noise("field", (len(x), 2, WARP_POINTS, WARP_POINTS)).to(x)
    field = F.interpolate(points, [height, width], mode="bicubic", align_corners=True)
    rows, columns = from_middle(x)
    far = WARP * severity
    return resample(x, rows + far * height * field[:, 0], columns + far * width * field[:, 1])


def speckle(x: Images, severity: float, noise: Noise) -> Images:
    """Images of which some pixels are black or white."""
    drawn = noise.uniform("pixels", (len(x), *x.shape[2:])).to(x)[:, None]
    share = IMPULSES * severity
    return torch.where(drawn < share, torch.where(drawn < share / 2, -1.0, 1.0).to(x), x)


def strike(x: Images, severity: float, noise: Noise) -> Images:
    """Images of which rows, at equal distances, are replaced by the mean level of each channel."""
    offset = noise.integers("offset", LINE_PERIOD, len(x)).to(x.device)
    rows = torch.arange(x.shape[2], device=x.device) + offset[:, None]
    struck = rows % LINE_PERIOD < round(LINE_PERIOD / 2 * severity)
    return torch.where(struck[:, None, :, None], x.mean((2, 3), keepdim=True), x)


DISTORTIONS: Mapping[str, Distortion] = {
    "shift": move, "rotation": turn, "scale": magnify, "contrast": fade, "colour": cast, "blur": blur,
    "noise": add_noise, "occlusion": hide, "compression": compress,
}  # fmt: skip
"""Nine kinds that views of teaching resemble, compression aside."""
UNSEEN_DISTORTIONS: Mapping[str, Distortion] = {
    "compression": compress, "large pixels": pixelate, "warp": warp, "speckle": speckle, "lines": strike,
}  # fmt: skip
"""Kinds that no view of teaching resembles."""


def _sign(x: Images, noise: Noise) -> Float[Tensor, "n 1 1 1"]:
    return torch.where(noise.uniform("sign", (len(x), 1, 1, 1)) < 0.5, -1.0, 1.0).to(x)


def _rectangle(x: Images, share: float, noise: Noise) -> Tensor:
    """Where (n, 1, h, w) a rectangle with this share of each side lies, at a random place."""
    place, inside = noise.uniform("place", (len(x), 2)).to(x), []
    for k, side in enumerate(x.shape[2:]):
        length = max(1, round(share * side))
        first = (place[:, k, None] * (side - length + 1)).floor()
        index = torch.arange(side).to(x)
        inside.append((index >= first) & (index < first + length))
    return inside[0][:, None, :, None] & inside[1][:, None, None, :]


def _jpeg(plane: np.ndarray, quality: int) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(plane).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))
