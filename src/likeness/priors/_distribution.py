"""What a prior is: a distribution of codes that can be sampled, maybe region by region."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import torch

from likeness.errors import UserError
from likeness.noise import Folded, Noise
from likeness.settings import settings
from likeness.shapes import UNLABELLED, Codes, Labels


@settings
class Distribution(ABC):
    """A distribution of codes that can be sampled; some have regions, which can be sampled by number."""

    planar: ClassVar[bool] = False
    """Whether it is a distribution on the plane, of two dimensions alone."""

    @abstractmethod
    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        """`n` codes (n, dim), drawn from `noise`."""

    def like(self, z: Codes, noise: Noise) -> Codes:
        """A code for each of `z`, of the same shape."""
        return self.of_shape(z.shape, noise)

    def of_shape(self, shape: Sequence[int], noise: Noise) -> Codes:
        """Codes of `shape` (n, d, *space); each place of a map by itself."""
        n, dim, *space = shape
        places = math.prod(space)
        rows = self.sample(n * places, dim, noise if places == 1 else Folded(noise, places))
        return rows.reshape(n, *space, dim).movedim(-1, 1)

    def walk(self, rows: int, columns: int, dim: int, noise: Noise) -> Codes:
        """Codes for a picture of rows and columns (row by row); at random, but where there is a way."""
        return self.sample(rows * columns, dim, noise)

    def check(self, dim: int) -> None:
        """Raises UserError if it has no codes of `dim` dimensions."""
        if self.planar and dim != 2:
            name = getattr(self, "name", "this prior")
            raise UserError(f"the prior {name} lies in the plane, --latent is {dim}; use --latent 2")

    def regions(self, dim: int) -> int:
        """How many regions it has; 0 is none."""
        return 0

    def sample_regions(self, labels: Labels, dim: int, noise: Noise) -> Codes:
        """A code from the region of each label, from the whole where that is UNLABELLED."""
        whole = self.sample(labels.shape[0], dim, noise.of("whole"))
        if not self.regions(dim):
            return whole
        part = self.within(labels.clamp_min(0) % self.regions(dim), dim, noise.of("region"))
        return torch.where((labels == UNLABELLED)[:, None], whole, part)

    def within(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        """A code from each of these regions."""
        raise NotImplementedError
