"""Normal errors whose variance is learned."""

from typing import ClassVar, Literal

import torch
from torch import nn

from likeness.likelihoods._likelihood import ObservationModel, Scale, Values
from likeness.settings import settings


@settings
class LearnedNormal(ObservationModel):
    """N(x | mu, sigma^2) with sigma^2 learned by maximum likelihood, without (D/2) log 2 pi."""

    learns_scale: ClassVar[bool] = True

    per: Literal["image", "channel"] = "image"
    """One variance for the whole image, or one for each channel."""

    def scale(self, channels: int) -> nn.Module:
        return Scale({"image": 1, "channel": channels}[self.per])

    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        assert scale is not None, "a learned variance requires its player"
        log_variance = scale(x)
        return -0.5 * ((x - mu) ** 2 * torch.exp(-log_variance) + log_variance)
