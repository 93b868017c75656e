"""The Laplace likelihood: absolute error."""

import math

from torch import nn

from likeness.likelihoods._likelihood import ObservationModel, Values
from likeness.settings import Positive, settings


@settings
class Laplace(ObservationModel):
    """Laplace distribution around the prediction: absolute error."""

    width: Positive = 1.0
    """Scale b of the distribution, for values in [-1, 1]."""

    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        return -((x - mu).abs() / self.width + math.log(2 * self.width))
