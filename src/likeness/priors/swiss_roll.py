"""The Swiss roll, a spiral in the plane: Makhzani et al. 2015, figure 2."""

import math
from typing import Annotated, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.noise import Noise
from likeness.priors._distribution import Distribution
from likeness.settings import Count, NonNegative, Positive, Rare, settings
from likeness.shapes import Codes, Labels


@settings
class SwissRoll(Distribution):
    """Spiral in two dimensions: r = roll_radius sqrt(u), angle = 2 pi turns sqrt(u), with uniform u. Its
    regions are slices of u."""

    is_planar: ClassVar[bool] = True

    roll_radius: Annotated[Positive, Rare()] = 3.0
    """Distance of the outer end of the spiral from the origin."""
    turns: Annotated[Positive, Rare()] = 2.0
    """Number of turns around the origin."""
    slices: Annotated[Count, Rare()] = 10
    """Number of regions along the spiral."""
    thickness: Annotated[NonNegative, Rare()] = 0.0
    """Standard deviation of noise around the spiral."""

    def region_count(self, dim: int) -> int:
        return self.slices

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self._codes(noise.uniform("along", (n,)), noise)

    def sample_in_regions(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        along = noise.uniform("along", (regions.shape[0],))
        return self._codes((regions + along) / self.slices, noise)

    def walk(self, rows: int, columns: int, dim: int, noise: Noise) -> Codes:
        """From the inner end of the spiral to the outer one, without noise."""
        return self._spiral(torch.linspace(0, 1, rows * columns))

    def _codes(self, u: Float[Tensor, " n"], noise: Noise) -> Codes:
        """Codes at positions u in [0, 1] of the spiral, with noise."""
        return self._spiral(u) + self.thickness * noise("around", (u.shape[0], 2))

    def _spiral(self, u: Float[Tensor, " n"]) -> Codes:
        """Points (n, 2) at positions u in [0, 1] of the spiral."""
        r, angle = self.roll_radius * u.sqrt(), 2 * math.pi * self.turns * u.sqrt()
        return torch.stack([r * torch.cos(angle), r * torch.sin(angle)], 1)
