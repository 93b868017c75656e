"""Likelihoods log p(x | mu): what an autoencoder assumes of its errors, in pixels or in features.

To add one: a class here, and its name in `Likelihood`.
"""

import math
from abc import ABC, abstractmethod
from typing import Annotated, ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from likeness.losses import per_sample, precise
from likeness.settings import Positive, settings
from likeness.shapes import PerSample

Values = Float[Tensor, "n ..."]


class Scale(nn.Module):
    """A learned log-variance: one for everything (channels = 1), or one per channel.

    It is SPEED times its parameter, so that with a learning rate made for networks it follows the
    error, which falls a hundredfold, within hundreds of steps.
    """

    SPEED = 30.0

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.raw = nn.Parameter(torch.zeros(channels))

    @property
    def log_variance(self) -> Float[Tensor, " c"]:
        """log sigma^2 of each channel."""
        return self.SPEED * precise(self.raw)

    def forward(self, like: Values) -> Float[Tensor, "..."]:
        """The log-variance, shaped to broadcast over `like` (n, channels, ...)."""
        return self.log_variance.view(1, -1, *[1] * (like.dim() - 2))


class Noise(ABC):
    """A likelihood around the decoder's output, without constants that change nothing."""

    learned: ClassVar[bool] = False
    """Whether it has a scale of its own to learn: a player named "scale"."""

    @abstractmethod
    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        """log p of each value."""

    def log_prob(
        self, x: Values, mu: Values, scale: nn.Module | None = None, weight: Values | None = None
    ) -> PerSample:
        """log p(x | mu), summed over dimensions, each value with its `weight` where some are given."""
        values = self.log_probs(precise(x), precise(mu), scale)
        return per_sample(values if weight is None else values * weight)

    def scale(self, channels: int) -> nn.Module | None:
        """The network that learns the scale, for values of so many channels."""


@settings
class Normal(Noise):
    """N(x | mu, variance), without (D/2) log 2 pi."""

    name: Literal["normal"] = "normal"
    variance: Positive = 1.0
    """Variance of every value, in the units of [-1, 1] squared."""

    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        return -0.5 * ((x - mu) ** 2 / self.variance + math.log(self.variance))


@settings
class LearnedNormal(Noise):
    """N(x | mu, sigma^2) with sigma^2 learned by maximum likelihood, without (D/2) log 2 pi."""

    learned: ClassVar[bool] = True

    name: Literal["learned_normal"] = "learned_normal"
    per: Literal["image", "channel"] = "image"
    """One variance for the whole image, or one for each channel."""

    def scale(self, channels: int) -> nn.Module:
        return Scale({"image": 1, "channel": channels}[self.per])

    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        assert scale is not None, "a learned variance needs its player"
        log_variance = scale(x)
        return -0.5 * ((x - mu) ** 2 * torch.exp(-log_variance) + log_variance)


@settings
class Laplace(Noise):
    """Laplace(x | mu, width): the absolute error."""

    name: Literal["laplace"] = "laplace"
    width: Positive = 1.0
    """Scale b of every value, in the units of [-1, 1]."""

    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        return -((x - mu).abs() / self.width + math.log(2 * self.width))


@settings
class Bernoulli(Noise):
    """Bernoulli(x | mu) after both are mapped from [-1, 1] to [0, 1]: binary cross-entropy."""

    name: Literal["bernoulli"] = "bernoulli"

    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        t, p = (x + 1) / 2, (mu + 1) / 2
        tiny = 1e-6  # keeps the logarithm finite where tanh has saturated
        return t * torch.log(p + tiny) + (1 - t) * torch.log(1 - p + tiny)


Likelihood = Annotated[Normal | LearnedNormal | Laplace | Bernoulli, Field(discriminator="name")]
"""Likelihoods of pixels."""

FeatureLikelihood = Annotated[Normal | LearnedNormal, Field(discriminator="name")]
"""Likelihoods of features, which have no bounds."""
