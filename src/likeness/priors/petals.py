"""A mixture of Gaussians in a ring: Makhzani et al. 2015, figures 2 and 4."""

import math
from typing import Annotated, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.noise import Noise
from likeness.priors._distribution import Distribution
from likeness.settings import Count, NonNegative, Positive, Rare, settings
from likeness.shapes import Codes, Labels, PerSample


@settings
class Petals(Distribution):
    """Mixture of elongated Gaussians in a ring, in two dimensions; each Gaussian is a region."""

    is_planar: ClassVar[bool] = True
    has_density: ClassVar[bool] = True

    petals: Annotated[Count, Rare()] = 10
    """Number of Gaussians."""
    radius: Annotated[NonNegative, Rare()] = 1.4
    """Distance of the centres of the Gaussians from the origin."""
    along: Annotated[Positive, Rare()] = 0.5
    """Standard deviation in the radial direction."""
    across: Annotated[Positive, Rare()] = 0.05
    """Standard deviation in the tangential direction."""

    def region_count(self, dim: int) -> int:
        return self.petals

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self.sample_in_regions(noise.integers("petal", self.petals, n), dim, noise)

    def sample_in_regions(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        return self._codes(regions, noise("around", (regions.shape[0], 2)))

    def log_prob(self, z: Codes) -> PerSample:
        angle = torch.arange(self.petals, device=z.device) * (2 * math.pi / self.petals)
        cos, sin = torch.cos(angle).to(z), torch.sin(angle).to(z)
        radial, tangential = z[:, :1] * cos + z[:, 1:] * sin, z[:, 1:] * cos - z[:, :1] * sin
        square = ((radial - self.radius) / self.along) ** 2 + (tangential / self.across) ** 2
        norm = math.log(2 * math.pi * self.along * self.across * self.petals)
        return torch.logsumexp(-0.5 * square, 1) - norm

    def walk(self, rows: int, columns: int, dim: int, noise: Noise) -> Codes:
        """Along each petal in turn, outwards, within two standard deviations of its centre."""
        regions = torch.arange(rows).repeat_interleave(columns) % self.petals
        along = torch.linspace(-2, 2, columns).repeat(rows)
        return self._codes(regions, torch.stack([along, torch.zeros(rows * columns)], 1))

    def _codes(self, regions: Labels, noise: Float[Tensor, "n 2"]) -> Codes:
        """Codes of petals, from standard normal numbers in the radial and the tangential direction."""
        angle = regions * (2 * math.pi / self.petals)
        radial, tangential = self.radius + self.along * noise[:, 0], self.across * noise[:, 1]
        cos, sin = torch.cos(angle), torch.sin(angle)
        return torch.stack([radial * cos - tangential * sin, radial * sin + tangential * cos], 1)
