"""Base class of priors that are given by samples."""

from abc import abstractmethod
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.noise import Noise
from likeness.priors._distribution import Distribution
from likeness.settings import settings
from likeness.shapes import Codes


@settings
class SampleBasedPrior(Distribution):
    """A prior given by samples from a file of the user; a run keeps a copy of them."""

    can_be_factor: ClassVar[bool] = False

    @abstractmethod
    def rows(self, dim: int, option: str = "--latent") -> Float[Tensor, "rows dim"]:
        """All samples. Raises UserError if they do not have `dim` dimensions, the value of the flag
        `option`."""

    def check(self, dim: int, option: str = "--latent") -> None:
        self.rows(dim, option)

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        rows = self.rows(dim)
        index = noise.integers("row", len(rows), n)
        return rows[index.to(rows.device)].to(index.device, torch.get_default_dtype())
