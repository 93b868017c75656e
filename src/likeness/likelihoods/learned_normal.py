"""The normal likelihood with a learned variance."""

from typing import ClassVar, Literal

import torch
from torch import nn

from likeness.likelihoods._likelihood import ObservationModel, Scale, Values
from likeness.settings import settings


@settings
class LearnedNormal(ObservationModel):
    """Normal distribution around the prediction with a variance learned by maximum likelihood."""

    learns_scale: ClassVar[bool] = True

    per: Literal["image", "channel"] = "image"
    """Number of variances: one per `image`, or one per `channel`."""

    def scale(self, channels: int) -> nn.Module:
        return Scale({"image": 1, "channel": channels}[self.per])

    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        assert scale is not None, "a learned variance needs its player"
        log_variance = scale(x)
        return -0.5 * ((x - mu) ** 2 * torch.exp(-log_variance) + log_variance)
