"""What a term of a taught metric compares: features of the taught network, or of the image itself.

To add a source: a frozen dataclass with `read`, and its name in `SOURCES`.
"""

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.shapes import Images
from likeness.similarity.distortions import blur_by

Rows = Float[Tensor, "n d"]
PIXEL_SIDE, STRUCTURE_SIDE = 16, 64
"""Most pixels of a side of images whose pixels, or whose structure, are compared."""
WINDOW_DEVIATION = 1.5
"""Standard deviation of the window of local means, in pixels, as of structural similarity."""
STABILITY = (0.03 * 2) ** 2 / 2
"""Half of C2 of structural similarity for values in a range of 2: variance that counts as none."""
LEVEL_COUNT = 1024
"""Steps of the scale of levels from -1 to 1; differences below a step count by their square."""


@dataclass(frozen=True)
class Layers:
    """Features of layers of the taught network, averaged to at most `places` by `places` places."""

    layers: tuple[str, ...]
    places: int = 4

    def read(self, x: Images, features: dict[str, Tensor]) -> Rows:
        """Features (n, d) of images, from those of the network."""
        return torch.cat([self._at_few_places(features[name]).flatten(1) for name in self.layers], 1)

    def _at_few_places(self, features: Tensor) -> Tensor:
        if features.dim() < 4:
            return features
        return F.adaptive_avg_pool2d(features, _sides(features, self.places))


@dataclass(frozen=True)
class Pixels:
    """Pixels of images averaged to at most PIXEL_SIDE; of images and their mirror images, if `mirrored`."""

    mirrored: bool = False

    def read(self, x: Images, features: dict[str, Tensor]) -> Rows:
        """Pixels (n, d)."""
        x = _add_mirror_images(x) if self.mirrored else x
        return F.adaptive_avg_pool2d(x, _sides(x, PIXEL_SIDE)).flatten(1)


@dataclass(frozen=True)
class Structure:
    """Images from which the local mean is taken and which are divided by the local deviation, and beside it
    how flat they are: inner products of these rows are about the structure factor of structural similarity
    (Wang et al. 2004, equation 10), summed over places."""

    mirrored: bool = False

    def read(self, x: Images, features: dict[str, Tensor]) -> Rows:
        """Local structure (n, d)."""
        x = F.adaptive_avg_pool2d(x, _sides(x, STRUCTURE_SIDE))
        share = WINDOW_DEVIATION / min(x.shape[2:])
        mean = blur_by(x, share)
        variance = (blur_by(x * x, share) - mean * mean).clamp_min(0) + STABILITY
        rows = torch.cat([(x - mean) / variance.sqrt(), (STABILITY / variance).sqrt()], 1)
        return (_add_mirror_images(rows) if self.mirrored else rows).flatten(1)


@dataclass(frozen=True)
class Levels:
    """Mean level of each channel on a scale of LEVEL_COUNT steps, each of which is 0 below a level and 1
    above it: squared distances of these rows are absolute differences of levels, in steps."""

    def read(self, x: Images, features: dict[str, Tensor]) -> Rows:
        """Scales (n, channels * LEVEL_COUNT)."""
        steps = torch.arange(LEVEL_COUNT).to(x)
        level = (x.mean((2, 3)) + 1) * (LEVEL_COUNT / 2)
        return (level[:, :, None] - steps).clamp(0, 1).flatten(1)


Source = Layers | Pixels | Structure | Levels
SOURCES: dict[str, type[Any]] = {
    "layers": Layers, "pixels": Pixels, "structure": Structure, "levels": Levels,
}  # fmt: skip


def _sides(x: Tensor, most: int) -> tuple[int, int]:
    return min(most, x.shape[2]), min(most, x.shape[3])


def _add_mirror_images(x: Images) -> Images:
    return x + x.flip(3)
