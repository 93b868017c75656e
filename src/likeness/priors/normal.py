"""The normal distribution: the prior of Kingma and Welling 2014."""

import math
from typing import ClassVar

import torch

from likeness.losses import per_sample
from likeness.noise import Noise
from likeness.priors._distribution import Distribution, grid
from likeness.settings import Positive, settings
from likeness.shapes import Codes, PerSample


@settings
class Normal(Distribution):
    """Normal distribution N(0, std^2 I)."""

    has_density: ClassVar[bool] = True
    has_closed_form_kl: ClassVar[bool] = True

    std: Positive = 1.0
    """Standard deviation in every dimension."""

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self.std * noise("normal", (n, dim))

    def log_prob(self, z: Codes) -> PerSample:
        square = (z / self.std) ** 2
        return -0.5 * per_sample(square + math.log(2 * math.pi * self.std**2))

    def kl(self, mean: Codes, log_variance: Codes) -> PerSample:
        ratio = log_variance - 2 * math.log(self.std)
        square = (mean / self.std) ** 2
        return 0.5 * per_sample(square + torch.exp(ratio) - 1 - ratio)

    def walk(self, rows: int, columns: int, dim: int, noise: Noise) -> Codes:
        """In two dimensions a grid of equal probability, else at random."""
        if dim != 2:
            return self.sample(rows * columns, dim, noise)
        return self.std * torch.special.ndtri(grid(rows, columns))
