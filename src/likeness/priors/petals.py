"""A ring of Gaussians: Makhzani et al. 2015, figures 2 and 4."""

import math
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.noise import Noise
from likeness.priors._distribution import Distribution
from likeness.settings import Count, NonNegative, Positive, settings
from likeness.shapes import Codes, Labels, PerSample


@settings
class Petals(Distribution):
    """A mixture of Gaussians in a ring, long ways outwards: Makhzani et al. 2015, figures 2 and 4."""

    is_planar: ClassVar[bool] = True
    has_density: ClassVar[bool] = True

    petals: Count = 10
    """Gaussians in the ring; each is a region."""
    radius: NonNegative = 1.4
    """Distance of their centres from the origin."""
    along: Positive = 0.5
    """Standard deviation outwards."""
    across: Positive = 0.05
    """Standard deviation along the ring."""

    def region_count(self, dim: int) -> int:
        return self.petals

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self.sample_in_regions(noise.integers("petal", self.petals, n), dim, noise)

    def sample_in_regions(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        return self._at(regions, noise("around", (regions.shape[0], 2)))

    def log_prob(self, z: Codes) -> PerSample:
        angle = torch.arange(self.petals, device=z.device) * (2 * math.pi / self.petals)
        cos, sin = torch.cos(angle).to(z), torch.sin(angle).to(z)
        outwards, aside = z[:, :1] * cos + z[:, 1:] * sin, z[:, 1:] * cos - z[:, :1] * sin
        square = ((outwards - self.radius) / self.along) ** 2 + (aside / self.across) ** 2
        norm = math.log(2 * math.pi * self.along * self.across * self.petals)
        return torch.logsumexp(-0.5 * square, 1) - norm

    def walk(self, rows: int, columns: int, dim: int, noise: Noise) -> Codes:
        """Along each petal in turn, from the centre outwards, two standard deviations either way."""
        regions = torch.arange(rows).repeat_interleave(columns) % self.petals
        along = torch.linspace(-2, 2, columns).repeat(rows)
        return self._at(regions, torch.stack([along, torch.zeros(rows * columns)], 1))

    def _at(self, regions: Labels, noise: Float[Tensor, "n 2"]) -> Codes:
        angle = regions * (2 * math.pi / self.petals)
        out, round_ = self.radius + self.along * noise[:, 0], self.across * noise[:, 1]
        cos, sin = torch.cos(angle), torch.sin(angle)
        return torch.stack([out * cos - round_ * sin, out * sin + round_ * cos], 1)
