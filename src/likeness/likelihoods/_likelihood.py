"""What a likelihood is: log p(x | mu) around a decoder's output, in pixels or in features.

To add one: a file beside this, with one subclass; its name is the file's, on the command line too.
"""

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
        return self.SPEED * at_least_float32(self.raw)

    def forward(self, like: Values) -> Float[Tensor, "..."]:
        """The log-variance, shaped to broadcast over `like` (n, channels, ...)."""
        return self.log_variance.view(1, -1, *[1] * (like.dim() - 2))


@settings
class ObservationModel(Entry, ABC):
    """A likelihood around the decoder's output, without constants that change nothing."""

    learns_scale: ClassVar[bool] = False
    """Whether it has a scale of its own to learn: a player named "scale"."""
    is_unbounded: ClassVar[bool] = True
    """Whether values may be any number, as features are."""

    @abstractmethod
    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        """log p of each value."""

    def log_prob(
        self, x: Values, mu: Values, scale: nn.Module | None = None, weight: Values | None = None
    ) -> PerSample:
        """log p(x | mu), summed over dimensions, each value with its `weight` where some are given."""
        values = self.log_probs(at_least_float32(x), at_least_float32(mu), scale)
        return per_sample(values if weight is None else values * weight)

    def scale(self, channels: int) -> nn.Module | None:
        """The network that learns the scale, for values of so many channels."""


Likelihood = Annotated[ObservationModel, Choice("likeness.likelihoods")]
"""Likelihoods of pixels."""
FeatureLikelihood = Annotated[ObservationModel, Choice("likeness.likelihoods", requires="is_unbounded")]
"""Likelihoods of features, which have no bounds."""
