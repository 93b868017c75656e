"""What priors of the user's own share: they are known by codes drawn from them."""

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
    """One that is known by codes drawn from it, in a file of the user's; a run keeps them as its own."""

    can_be_factor: ClassVar[bool] = False

    @abstractmethod
    def rows(self, dim: int, option: str = "--latent") -> Float[Tensor, "rows dim"]:
        """All the codes that there are. Raises UserError if they are not codes of `dim` dimensions, which
        `option` says."""

    def check(self, dim: int, option: str = "--latent") -> None:
        self.rows(dim, option)

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        rows = self.rows(dim)
        which = noise.integers("row", len(rows), n)
        return rows[which.to(rows.device)].to(which.device, torch.get_default_dtype())
