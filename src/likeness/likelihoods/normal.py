"""Normal errors of one variance: the squared error."""

import math

from torch import nn

from likeness.likelihoods._likelihood import ObservationModel, Values
from likeness.settings import Positive, settings


@settings
class Normal(ObservationModel):
    """N(x | mu, variance), without (D/2) log 2 pi."""

    variance: Positive = 1.0
    """Variance of every value, in the units of [-1, 1] squared."""

    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        return -0.5 * ((x - mu) ** 2 / self.variance + math.log(self.variance))
