"""The base class of likelihoods p(x | mu), in pixels or in features."""

from abc import ABC, abstractmethod
from typing import Annotated, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from likeness.choices import Choice
from likeness.losses import at_least_float32, per_sample
from likeness.registry import Entry
from likeness.settings import settings
from likeness.shapes import PerSample

Values = Float[Tensor, "n ..."]
"""Pixels or features of n images."""


class Scale(nn.Module):
    """A learned log-variance: one for all values (channels = 1), or one per channel.

    The log-variance is RATE_FACTOR times the parameter, so that at the learning rate of networks it follows
    the error, which falls a hundredfold, within hundreds of steps.
    """

    RATE_FACTOR = 30.0

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.raw = nn.Parameter(torch.zeros(channels))

    @property
    def log_variance(self) -> Float[Tensor, " c"]:
        """log sigma^2 for each channel."""
        return self.RATE_FACTOR * at_least_float32(self.raw)

    def forward(self, values: Values) -> Float[Tensor, "..."]:
        """The log-variance in a shape that broadcasts over `values` (n, channels, ...)."""
        return self.log_variance.view(1, -1, *[1] * (values.dim() - 2))


@settings
class ObservationModel(Entry, ABC):
    """A likelihood p(x | mu), up to constants without effect on a training."""

    learns_scale: ClassVar[bool] = False
    """Whether it has a learned scale: a player named "scale"."""
    is_unbounded: ClassVar[bool] = True
    """Whether values may be any real numbers, such as features."""

    @abstractmethod
    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        """log p(x | mu) for each value (n, ...)."""

    def log_prob(
        self, x: Values, mu: Values, scale: nn.Module | None = None, weight: Values | None = None
    ) -> PerSample:
        """log p(x | mu) for each sample, summed over its values, multiplied by `weight` if it is not
        None."""
        values = self.log_probs(at_least_float32(x), at_least_float32(mu), scale)
        return per_sample(values if weight is None else values * weight)

    def scale(self, channels: int) -> nn.Module | None:
        """The network that learns the scale of values with `channels` channels; None if there is none."""


Likelihood = Annotated[ObservationModel, Choice("likeness.likelihoods")]
"""Any likelihood of pixels."""
FeatureLikelihood = Annotated[ObservationModel, Choice("likeness.likelihoods", requires="is_unbounded")]
"""Any likelihood of features, which are unbounded."""
