"""Gaussians of a fixed variance."""

import math
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.losses import precise
from likeness.posteriors._family import PosteriorFamily
from likeness.posteriors._posterior import DiagonalNormal
from likeness.settings import Positive, settings


@settings
class Noisy(PosteriorFamily):
    """A mean from the encoder, and a standard deviation that is fixed: Gaussian posteriors, Makhzani et
    al. 2015, section 2, (2), that cannot shrink to points under the reconstruction error."""

    heads: ClassVar[int] = 1
    std: Positive = 1.0
    """Standard deviation of the codes of one image."""

    def read(self, outputs: Float[Tensor, "n o *places"]) -> DiagonalNormal:
        mean = precise(outputs)
        return DiagonalNormal(mean, torch.full_like(mean, 2 * math.log(self.std)))
