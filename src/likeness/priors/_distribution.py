"""What a prior is: a distribution of codes that can be sampled, maybe region by region.

To add one: a file beside this, with one subclass; its name is the file's, on the command line too.
"""

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
    """A distribution of codes that can be sampled; some have regions, which can be sampled by number."""

    is_planar: ClassVar[bool] = False
    """Whether it is a distribution on the plane, of two dimensions alone."""
    has_density: ClassVar[bool] = False
    """Whether it has a density, `log_prob`, which is nowhere nought."""
    has_closed_form_kl: ClassVar[bool] = False
    """Whether `kl` has a closed form."""
    can_be_factor: ClassVar[bool] = True
    """Whether it may be a factor of a product."""

    @abstractmethod
    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        """`n` codes (n, dim), drawn from `noise`."""

    def sample_like(self, z: Codes, noise: Noise) -> Codes:
        """A code for each of `z`, of the same shape."""
        return self.sample_of_shape(z.shape, noise)

    def sample_of_shape(self, shape: Sequence[int], noise: Noise) -> Codes:
        """Codes of `shape` (n, d, *space); each place of a map by itself."""
        n, dim, *space = shape
        places = math.prod(space)
        rows = self.sample(n * places, dim, noise if places == 1 else FoldedNoise(noise, places))
        return rows.reshape(n, *space, dim).movedim(-1, 1)

    def walk(self, rows: int, columns: int, dim: int, noise: Noise) -> Codes:
        """Codes for a picture of rows and columns (row by row); at random, but where there is a way."""
        return self.sample(rows * columns, dim, noise)

    def log_prob(self, z: Codes) -> PerSample:
        """log p(z) of codes (n, d), in nats; of a prior that has a `density`."""
        raise NotImplementedError

    def kl(self, mean: Codes, log_variance: Codes) -> PerSample:
        """KL(N(mean, exp(log_variance)) || p), in nats, of codes (n, d, *space), summed over their places;
        of a prior that has a `closed_form`."""
        raise NotImplementedError

    def check(self, dim: int, option: str = "--latent") -> None:
        """Raises UserError if it has no codes of `dim` dimensions, which `option` says."""
        if self.is_planar and dim != 2:
            raise UserError(f"the prior {self.name} lies in the plane, {option} is {dim}; use {option} 2")

    def region_count(self, dim: int) -> int:
        """How many regions it has; 0 is none."""
        return 0

    def sample_for_labels(self, labels: Labels, dim: int, noise: Noise) -> Codes:
        """A code from the region of each label, from the whole where that is UNLABELLED."""
        whole = self.sample(labels.shape[0], dim, noise.of("whole"))
        if not self.region_count(dim):
            return whole
        part = self.sample_in_regions(labels.clamp_min(0) % self.region_count(dim), dim, noise.of("region"))
        return torch.where((labels == UNLABELLED)[:, None], whole, part)

    def sample_in_regions(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        """A code from each of these regions."""
        raise NotImplementedError


Prior = Annotated[Distribution, Choice("likeness.priors")]
"""Any prior."""
DensityPrior = Annotated[Distribution, Choice("likeness.priors", requires="has_density")]
"""Priors from which the divergence of a Gaussian can be estimated, or is known."""
ClosedFormPrior = Annotated[Distribution, Choice("likeness.priors", requires="has_closed_form_kl")]
"""Priors from which the divergence of a Gaussian is known."""


def grid(rows: int, columns: int) -> Float[Tensor, "n 2"]:
    """The centres of cells of the unit square, row by row, the first row on top."""
    y, x = 1 - (torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns
    return torch.cartesian_prod(y, x).flip(1)
