"""The Bernoulli likelihood: binary cross-entropy."""

from typing import ClassVar

import torch
from torch import nn

from likeness.likelihoods._likelihood import ObservationModel, Values
from likeness.settings import settings


@settings
class Bernoulli(ObservationModel):
    """Binary cross-entropy of values and predictions, after both are mapped from [-1, 1] to [0, 1]."""

    is_unbounded: ClassVar[bool] = False

    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        t, p = (x + 1) / 2, (mu + 1) / 2
        tiny = 1e-6  # keeps the logarithm finite where tanh saturates
        return t * torch.log(p + tiny) + (1 - t) * torch.log(1 - p + tiny)
