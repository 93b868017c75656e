"""The base class of priors: distributions of codes that can be sampled."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.choices import Choice
from likeness.errors import UserError
from likeness.noise import FoldedNoise, Noise
from likeness.registry import Entry
from likeness.settings import settings
from likeness.shapes import UNLABELLED, Codes, Labels, PerSample


@settings
class Distribution(Entry, ABC):
    """A distribution of codes; some have regions, which can be sampled one by one."""

    is_planar: ClassVar[bool] = False
    """Whether codes have exactly two dimensions."""
    has_density: ClassVar[bool] = False
    """Whether there is a density, `log_prob`, which is positive everywhere."""
    has_closed_form_kl: ClassVar[bool] = False
    """Whether `kl` is implemented."""
    can_be_factor: ClassVar[bool] = True
    """Whether the prior may be a factor of a product."""

    @abstractmethod
    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        """`n` random codes (n, dim)."""

    def sample_like(self, z: Codes, noise: Noise) -> Codes:
        """Random codes of the shape of `z`."""
        return self.sample_of_shape(z.shape, noise)

    def sample_of_shape(self, shape: Sequence[int], noise: Noise) -> Codes:
        """Random codes of `shape` (n, d, *space), independent at each place of a map."""
        n, dim, *space = shape
        places = math.prod(space)
        rows = self.sample(n * places, dim, noise if places == 1 else FoldedNoise(noise, places))
        return rows.reshape(n, *space, dim).movedim(-1, 1)

    def walk(self, rows: int, columns: int, dim: int, noise: Noise) -> Codes:
        """Codes for a picture of rows and columns, row by row: on a path through the prior if there is one,
        else at random."""
        return self.sample(rows * columns, dim, noise)

    def log_prob(self, z: Codes) -> PerSample:
        """log p(z) for each of the codes (n, d), in nats; if `has_density`."""
        raise NotImplementedError

    def kl(self, mean: Codes, log_variance: Codes) -> PerSample:
        """KL(N(mean, exp(log_variance)) || p) for each of the codes (n, d, *space), in nats, summed over
        places; if `has_closed_form_kl`."""
        raise NotImplementedError

    def check(self, dim: int, option: str = "--latent") -> None:
        """Raises UserError if there are no codes with `dim` dimensions, the value of the flag `option`."""
        if self.is_planar and dim != 2:
            raise UserError(f"the prior {self.name} lies in the plane, {option} is {dim}; use {option} 2")

    def region_count(self, dim: int) -> int:
        """Number of regions; 0 if there are none."""
        return 0

    def sample_for_labels(self, labels: Labels, dim: int, noise: Noise) -> Codes:
        """A random code from the region of each label (n,), from the whole prior if it is UNLABELLED."""
        unlabelled = self.sample(labels.shape[0], dim, noise.of("whole"))
        if not self.region_count(dim):
            return unlabelled
        labelled = self.sample_in_regions(
            labels.clamp_min(0) % self.region_count(dim), dim, noise.of("region")
        )
        return torch.where((labels == UNLABELLED)[:, None], unlabelled, labelled)

    def sample_in_regions(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        """A random code from each of the regions (n,)."""
        raise NotImplementedError


Prior = Annotated[Distribution, Choice("likeness.priors")]
"""Any prior."""
DensityPrior = Annotated[Distribution, Choice("likeness.priors", requires="has_density")]
"""Any prior with a density, so that the divergence of a Gaussian can be estimated."""
ClosedFormPrior = Annotated[Distribution, Choice("likeness.priors", requires="has_closed_form_kl")]
"""Any prior with a closed form of the divergence of a Gaussian."""


def grid(rows: int, columns: int) -> Float[Tensor, "n 2"]:
    """Centres (rows * columns, 2) of the cells of a grid on the unit square, row by row from the top."""
    y, x = 1 - (torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns
    return torch.cartesian_prod(y, x).flip(1)
