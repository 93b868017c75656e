"""Gaussian posteriors with a fixed variance: Makhzani et al. 2015, section 2, (2)."""

import math
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.losses import at_least_float32
from likeness.posteriors._family import PosteriorFamily
from likeness.posteriors._posterior import DiagonalNormal
from likeness.settings import Positive, settings


@settings
class FixedVariance(PosteriorFamily):
    """Gaussian with a mean from the encoder and a fixed standard deviation, which the reconstruction error
    cannot shrink to 0."""

    outputs_per_dim: ClassVar[int] = 1
    std: Positive = 1.0
    """Standard deviation of q(z|x) in every dimension."""

    def from_outputs(self, outputs: Float[Tensor, "n o *places"]) -> DiagonalNormal:
        mean = at_least_float32(outputs)
        return DiagonalNormal(mean, torch.full_like(mean, 2 * math.log(self.std)))
