"""Gaussian posteriors: Kingma and Welling 2014."""

from collections.abc import Callable
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from likeness.losses import at_least_float32
from likeness.noise import Noise
from likeness.posteriors._family import PosteriorFamily
from likeness.posteriors._posterior import DiagonalNormal
from likeness.settings import settings
from likeness.shapes import Images


@settings
class Gaussian(PosteriorFamily):
    """Gaussian with a mean and a log-variance from the encoder; the log-variance is clamped to [-30,
    20]."""

    outputs_per_dim: ClassVar[int] = 2

    def __call__(self, Enc: Callable[..., Tensor], x: Images, noise: Noise | None) -> DiagonalNormal:
        return self.from_outputs(Enc(self.encoder_input(x, noise)))

    def from_outputs(self, outputs: Float[Tensor, "n o *places"]) -> DiagonalNormal:
        mean, log_variance = at_least_float32(outputs).chunk(2, dim=1)
        return DiagonalNormal(mean, log_variance.clamp(-30, 20))
