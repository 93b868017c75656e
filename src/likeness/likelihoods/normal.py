"""The normal likelihood with a fixed variance: squared error."""

import math

from torch import nn

from likeness.likelihoods._likelihood import ObservationModel, Values
from likeness.settings import Positive, settings


@settings
class Normal(ObservationModel):
    """Normal distribution around the prediction with a fixed variance: squared error."""

    variance: Positive = 1.0
    """Variance of the distribution, for values in [-1, 1]."""

    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        return -0.5 * ((x - mu) ** 2 / self.variance + math.log(self.variance))
