"""Priors p(z): what the codes should be distributed as. To add one: a class here, its name in `Prior`."""

import math
from abc import ABC, abstractmethod
from functools import lru_cache
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from likeness.errors import UserError
from likeness.settings import Count, NonNegative, Positive, settings
from likeness.shapes import UNLABELLED, Codes, Labels


@settings
class Distribution(ABC):
    """A distribution of codes that can be sampled; some have regions, which can be sampled by number."""

    planar: ClassVar[bool] = False
    """Whether it is a distribution on the plane, of two dimensions alone."""

    @abstractmethod
    def sample(self, n: int, dim: int) -> Codes:
        """`n` codes of `dim` dimensions."""

    def walk(self, rows: int, columns: int, dim: int) -> Codes:
        """Codes for a picture of rows and columns (row by row); at random, but where there is a way."""
        return self.sample(rows * columns, dim)

    def check(self, dim: int) -> None:
        """Raises UserError if it has no codes of `dim` dimensions."""
        if self.planar and dim != 2:
            name = getattr(self, "name", "this prior")
            raise UserError(f"the prior {name} lies in the plane, --latent is {dim}; use --latent 2")

    def regions(self, dim: int) -> int:
        """How many regions it has; 0 is none."""
        return 0

    def sample_regions(self, labels: Labels, dim: int) -> Codes:
        """A code from the region of each label, from the whole where that is UNLABELLED."""
        whole = self.sample(len(labels), dim)
        if not self.regions(dim):
            return whole
        part = self.within(labels.clamp_min(0) % self.regions(dim), dim)
        return torch.where((labels == UNLABELLED)[:, None], whole, part)

    def within(self, regions: Labels, dim: int) -> Codes:
        """A code from each of these regions."""
        raise NotImplementedError


@settings
class Normal(Distribution):
    """N(0, std^2 I)."""

    name: Literal["normal"] = "normal"
    std: Positive = 1.0
    """Standard deviation of every dimension of the codes."""

    def sample(self, n: int, dim: int) -> Codes:
        return self.std * torch.randn(n, dim)

    def walk(self, rows: int, columns: int, dim: int) -> Codes:
        """In the plane, a grid of equal probability."""
        if dim != 2:
            return self.sample(rows * columns, dim)
        return self.std * torch.special.ndtri(_grid(rows, columns))


@settings
class Uniform(Distribution):
    """Uniform on a cube around the origin."""

    name: Literal["uniform"] = "uniform"
    half: Positive = 1.0
    """Half the side of the cube."""

    def sample(self, n: int, dim: int) -> Codes:
        return self.half * (2 * torch.rand(n, dim) - 1)

    def walk(self, rows: int, columns: int, dim: int) -> Codes:
        """In the plane, an even grid."""
        if dim != 2:
            return self.sample(rows * columns, dim)
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

    def sample(self, n: int, dim: int) -> Codes:
        return self.within(torch.randint(self.petals, (n,)), dim)

    def within(self, regions: Labels, dim: int) -> Codes:
        return self._at(regions, torch.randn(len(regions), 2))

    def walk(self, rows: int, columns: int, dim: int) -> Codes:
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

    def sample(self, n: int, dim: int) -> Codes:
        return self._at(torch.rand(n))

    def within(self, regions: Labels, dim: int) -> Codes:
        return self._at((regions + torch.rand(len(regions))) / self.slices)

    def walk(self, rows: int, columns: int, dim: int) -> Codes:
        """From the inner end of the spiral to the outer, without its thickness."""
        return self._spiral(torch.linspace(0, 1, rows * columns))

    def _at(self, u: Float[Tensor, " n"]) -> Codes:
        return self._spiral(u) + self.thickness * torch.randn(len(u), 2)

    def _spiral(self, u: Float[Tensor, " n"]) -> Codes:
        r, angle = self.roll_radius * u.sqrt(), 2 * math.pi * self.turns * u.sqrt()
        return torch.stack([r * torch.cos(angle), r * torch.sin(angle)], 1)


@settings
class Categorical(Distribution):
    """One-hot codes, all dimensions as likely; each dimension is a region."""

    name: Literal["categorical"] = "categorical"

    def regions(self, dim: int) -> int:
        return dim

    def sample(self, n: int, dim: int) -> Codes:
        return self.within(torch.randint(dim, (n,)), dim)

    def within(self, regions: Labels, dim: int) -> Codes:
        return F.one_hot(regions, dim).to(torch.get_default_dtype())


@settings
class Empirical(Distribution):
    """Rows of an .npy file, drawn with replacement."""

    name: Literal["empirical"] = "empirical"
    file: str = ""
    """An .npy file of floats (rows, dimensions)."""

    def check(self, dim: int) -> None:
        rows = _rows(self.file)
        if rows.shape[1] != dim:
            raise UserError(
                f"{self.file} has {rows.shape[1]} dimensions, --latent is {dim}; make them the same"
            )

    def sample(self, n: int, dim: int) -> Codes:
        rows = _rows(self.file).to(torch.get_default_dtype())
        return rows[torch.randint(len(rows), (n,))]


def _grid(rows: int, columns: int) -> Float[Tensor, "n 2"]:
    """The centres of cells of the unit square, row by row, the first row on top."""
    y, x = 1 - (torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns
    return torch.cartesian_prod(y, x).flip(1)


@lru_cache(maxsize=4)
def _rows(file: str) -> Tensor:
    """The rows of an .npy file. Raises UserError if it holds no finite (rows, dimensions)."""
    try:
        rows = np.load(Path(file), allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        reason = " ".join(str(error).split())[:100]
        raise UserError(f"{file} cannot be read as .npy ({reason}); give an array of codes") from None
    if not isinstance(rows, np.ndarray) or rows.ndim != 2 or rows.dtype.kind != "f" or not rows.size:
        raise UserError(f"{file} holds no floats (rows, dimensions); give an array of codes")
    if not np.isfinite(rows).all():
        raise UserError(f"{file} holds values that are not finite; take them out")
    return torch.from_numpy(rows)


Prior = Annotated[
    Normal | Uniform | Petals | SwissRoll | Categorical | Empirical, Field(discriminator="name")
]
