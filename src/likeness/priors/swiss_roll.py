"""A spiral in the plane: Makhzani et al. 2015, figure 2."""

import math
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.noise import Noise
from likeness.priors._distribution import Distribution
from likeness.settings import Count, NonNegative, Positive, settings
from likeness.shapes import Codes, Labels


@settings
class SwissRoll(Distribution):
    """A spiral: r = radius sqrt(u), angle = 2 pi turns sqrt(u), u uniform; regions are slices of u."""

    is_planar: ClassVar[bool] = True

    roll_radius: Positive = 3.0
    """Distance of the outer end from the origin."""
    turns: Positive = 2.0
    """Turns around the origin."""
    slices: Count = 10
    """Regions, one after the other along the spiral."""
    thickness: NonNegative = 0.0
    """Standard deviation of noise around the spiral."""

    def region_count(self, dim: int) -> int:
        return self.slices

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self._at(noise.uniform("along", (n,)), noise)

    def sample_in_regions(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        along = noise.uniform("along", (regions.shape[0],))
        return self._at((regions + along) / self.slices, noise)

    def walk(self, rows: int, columns: int, dim: int, noise: Noise) -> Codes:
        """From the inner end of the spiral to the outer, without its thickness."""
        return self._spiral(torch.linspace(0, 1, rows * columns))

    def _at(self, u: Float[Tensor, " n"], noise: Noise) -> Codes:
        return self._spiral(u) + self.thickness * noise("around", (u.shape[0], 2))

    def _spiral(self, u: Float[Tensor, " n"]) -> Codes:
        r, angle = self.roll_radius * u.sqrt(), 2 * math.pi * self.turns * u.sqrt()
        return torch.stack([r * torch.cos(angle), r * torch.sin(angle)], 1)
