"""Views: random changes of images that keep what an image shows, from which a metric is taught what does
not matter.

Strengths are absolute and do not follow the spread of the data: narrow views teach a network to tell single
images apart instead of what they show.
"""

import math
from typing import Annotated

import torch
from annotated_types import Ge, Le, Lt
from jaxtyping import Float
from torch import Tensor

from likeness.data.reading.fitting import LUMA
from likeness.noise import Noise
from likeness.resampling import from_middle, resample
from likeness.settings import Fraction, NonNegative, settings
from likeness.shapes import Images
from likeness.similarity.distortions import blur_by

BLUR_LEVELS = 4
"""Widths of the Gaussian filter that views of a batch have; the other half of them has none."""
Amounts = Float[Tensor, "n k 1 1"]
"""Random amounts, one or one per channel for each image."""


@settings
class Views:
    """How far a view may be from its image; each strength is drawn anew for each image."""

    rotation: NonNegative = 15.0
    """Most degrees of a rotation."""
    shift: Fraction = 0.1
    """Most of the sides by which an image is moved."""
    zoom: NonNegative = 0.3
    """Most of the logarithm of a magnification."""
    crop: Annotated[float, Ge(0), Lt(1)] = 0.0
    """Most of the area that is cut away before what is left is magnified."""
    contrast: Fraction = 0.6
    """Most by which contrast changes, and twice as much as brightness does."""
    gamma: NonNegative = 1.0
    """Most of the base-2 logarithm of the exponent of values from 0 to 1."""
    colour: Fraction = 0.0
    """Strength of changes of hue, saturation and the levels of channels, of three channels."""
    grey: Fraction = 0.0
    """Share of views in grey, of three channels."""
    blur: NonNegative = 0.04
    """Largest standard deviation of a Gaussian filter, as a share of the smaller side, in half of the
    views."""
    noise: NonNegative = 0.3
    """Largest standard deviation of noise, in half of the views."""
    occlusion: Annotated[float, Ge(0), Le(1)] = 0.4
    """Most of the sides of a rectangle that is hidden, in half of the views."""
    mirror: bool = False
    """Whether half of the views are mirrored from left to right."""
    upside_down: bool = False
    """Whether half of the views are upside down."""

    def __call__(self, x: Images, noise: Noise) -> Images:
        """One view of each image (n, c, h, w), in [-1, 1], computed in the type of the images."""
        with torch.autocast(x.device.type, enabled=False):
            return self._view(x, noise)

    def _view(self, x: Images, noise: Noise) -> Images:
        x = self._recolour(self._move(x, noise.of("move")), noise.of("colour")).clamp(-1, 1)
        x = self._blur(x, noise.of("blur"))
        if self.noise:
            strength = self.noise * _random_signs(noise, "strength", len(x)).clamp_min(0)
            x = x + strength * noise("noise", x.shape).to(x)
        return self._hide(x, noise.of("hide")).clamp(-1, 1)

    def _move(self, x: Images, noise: Noise) -> Images:
        """Images rotated, magnified, moved and mirrored in one resampling; edges are repeated."""
        height, width = x.shape[2:]
        signs = 2 * noise.uniform("place", (len(x), 6)).to(x) - 1
        angle, zoom, down, right, crop_down, crop_right = signs.T[:, :, None, None]
        kept = (1 - self.crop * noise.uniform("kept", (len(x),)).to(x).view(-1, 1, 1)).sqrt()
        scale = kept * torch.exp(-self.zoom * zoom)
        flips = noise.uniform("flips", (len(x), 2)).to(x) < 0.5
        across, along = (
            torch.where(flips[:, k] & wanted, -1.0, 1.0).to(x).view(-1, 1, 1)
            for k, wanted in enumerate((self.upside_down, self.mirror))
        )
        cos, sin = (f(math.radians(self.rotation) * angle) for f in (torch.cos, torch.sin))
        rows, columns = from_middle(x)
        from_row = scale * across * (cos * rows - sin * columns)
        from_column = scale * along * (sin * rows + cos * columns)
        from_row = from_row + height * (self.shift * down + (1 - kept) / 2 * crop_down)
        return resample(
            x, from_row, from_column + width * (self.shift * right + (1 - kept) / 2 * crop_right)
        )

    def _recolour(self, x: Images, noise: Noise) -> Images:
        n = len(x)
        if x.shape[1] == 3 and (self.colour or self.grey):
            x = self._change_colours(x, noise)
        if self.gamma:
            exponent = torch.exp2(self.gamma * _random_signs(noise, "gamma", n).to(x))
            x = ((x + 1) / 2).clamp(1e-4, 1) ** exponent * 2 - 1
        mean = x.mean((1, 2, 3), keepdim=True)
        contrast = 1 + self.contrast * _random_signs(noise, "contrast", n).to(x)
        return (
            mean + contrast * (x - mean) + self.contrast / 2 * _random_signs(noise, "brightness", n).to(x)
        )

    def _change_colours(self, x: Images, noise: Noise) -> Images:
        """Colours turned around the grey axis, more or less saturated, and shifted; some images in grey."""
        n, k = len(x), self.colour
        grey = (x * torch.from_numpy(LUMA).to(x).view(3, 1, 1)).sum(1, keepdim=True)
        chroma = x - grey
        turn = k * math.pi / 2 * _random_signs(noise, "hue", n).to(x)
        across = torch.stack([chroma[:, (i + 2) % 3] - chroma[:, (i + 1) % 3] for i in range(3)], 1)
        along = chroma.mean(1, keepdim=True)
        chroma = chroma * turn.cos() + across / math.sqrt(3) * turn.sin() + along * (1 - turn.cos())
        chroma = chroma * (1 + k * _random_signs(noise, "saturation", n).to(x))
        coloured = grey + chroma + 0.3 * k * _random_signs(noise, "levels", n, 3).to(x)
        in_grey = noise.uniform("grey", (n,)).to(x).view(-1, 1, 1, 1) < self.grey
        return torch.where(in_grey, grey, coloured)

    def _blur(self, x: Images, noise: Noise) -> Images:
        """Half of the images under a Gaussian filter of one of BLUR_LEVELS widths, the others as they
        are."""
        if not self.blur:
            return x
        level = noise.integers("level", 2 * BLUR_LEVELS, len(x)).to(x.device) - BLUR_LEVELS + 1
        blurred = x.clone()
        for k in range(1, BLUR_LEVELS + 1):
            rows = (level == k).nonzero()[:, 0]
            if len(rows):
                blurred[rows] = blur_by(x[rows], self.blur * k / BLUR_LEVELS)
        return blurred

    def _hide(self, x: Images, noise: Noise) -> Images:
        """Images of which a square of the relative side is replaced by the mean of the image."""
        if not self.occlusion:
            return x
        side = self.occlusion * _random_signs(noise, "side", len(x)).to(x).clamp_min(0)[:, :, 0, 0]
        middle = noise.uniform("middle", (len(x), 2)).to(x)
        inside = [
            ((torch.arange(count).to(x) + 0.5) / count - middle[:, k, None]).abs() < side / 2
            for k, count in enumerate(x.shape[2:])
        ]
        hidden = inside[0][:, None, :, None] & inside[1][:, None, None, :]
        return torch.where(hidden, x.mean((2, 3), keepdim=True), x)


def _random_signs(noise: Noise, name: str, n: int, k: int = 1) -> Amounts:
    """Numbers from -1 to 1."""
    return (2 * noise.uniform(name, (n, k)) - 1).view(n, k, 1, 1)
