"""Priors that are written down: Makhzani et al. 2015 and what is usual."""

import math
from typing import ClassVar, Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.noise import Noise
from likeness.priors._distribution import Distribution
from likeness.settings import Count, NonNegative, Positive, settings
from likeness.shapes import Codes, Labels, PerSample


@settings
class Normal(Distribution):
    """N(0, std^2 I)."""

    name: Literal["normal"] = "normal"
    std: Positive = 1.0
    """Standard deviation of every dimension of the codes."""

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self.std * noise("normal", (n, dim))

    def walk(self, rows: int, columns: int, dim: int, noise: Noise) -> Codes:
        """In the plane, a grid of equal probability."""
        if dim != 2:
            return self.sample(rows * columns, dim, noise)
        return self.std * torch.special.ndtri(_grid(rows, columns))


@settings
class Uniform(Distribution):
    """Uniform on a cube around the origin."""

    name: Literal["uniform"] = "uniform"
    half: Positive = 1.0
    """Half the side of the cube."""

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self.half * (2 * noise.uniform("cube", (n, dim)) - 1)

    def walk(self, rows: int, columns: int, dim: int, noise: Noise) -> Codes:
        """In the plane, an even grid."""
        if dim != 2:
            return self.sample(rows * columns, dim, noise)
        return self.half * (2 * _grid(rows, columns) - 1)


@settings
class Petals(Distribution):
    """A mixture of Gaussians in a ring, long ways outwards: Makhzani et al. 2015, figures 2 and 4."""

    planar: ClassVar[bool] = True

    name: Literal["petals"] = "petals"
    petals: Count = 10
    """Gaussians in the ring; each is a region."""
    radius: NonNegative = 1.4
    """Distance of their centres from the origin."""
    along: Positive = 0.5
    """Standard deviation outwards."""
    across: Positive = 0.05
    """Standard deviation along the ring."""

    def regions(self, dim: int) -> int:
        return self.petals

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self.within(noise.integers("petal", self.petals, n), dim, noise)

    def within(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        return self._at(regions, noise("around", (regions.shape[0], 2)))

    def log_prob(self, z: Codes) -> PerSample:
        """log p(z) of codes in the plane."""
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


@settings
class SwissRoll(Distribution):
    """A spiral: r = radius sqrt(u), angle = 2 pi turns sqrt(u), u uniform; regions are slices of u."""

    planar: ClassVar[bool] = True

    name: Literal["swiss_roll"] = "swiss_roll"
    roll_radius: Positive = 3.0
    """Distance of the outer end from the origin."""
    turns: Positive = 2.0
    """Turns around the origin."""
    slices: Count = 10
    """Regions, one after the other along the spiral."""
    thickness: NonNegative = 0.0
    """Standard deviation of noise around the spiral."""

    def regions(self, dim: int) -> int:
        return self.slices

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self._at(noise.uniform("along", (n,)), noise)

    def within(self, regions: Labels, dim: int, noise: Noise) -> Codes:
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


@settings
class Categorical(Distribution):
    """One-hot codes, all dimensions as likely; each dimension is a region."""

    name: Literal["categorical"] = "categorical"

    def regions(self, dim: int) -> int:
        return dim

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self.within(noise.integers("class", dim, n), dim, noise)

    def within(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        return F.one_hot(regions, dim).to(torch.get_default_dtype())


def _grid(rows: int, columns: int) -> Float[Tensor, "n 2"]:
    """The centres of cells of the unit square, row by row, the first row on top."""
    y, x = 1 - (torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns
    return torch.cartesian_prod(y, x).flip(1)
