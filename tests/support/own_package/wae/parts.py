"""What a method is made of: networks, a prior, a posterior, a likelihood."""

import math

import torch
from torch import Tensor, nn

from likeness.likelihoods import ObservationModel
from likeness.nets import Family
from likeness.noise import Noise
from likeness.posteriors import Deterministic, Points
from likeness.priors import Distribution
from likeness.settings import Count, NonNegative, Positive, settings
from likeness.shapes import Shape


@settings
class Leaky(Family):
    """One hidden layer of leaky ReLU in every player."""

    units: Count = 32
    """Units of the hidden layer."""
    slope: NonNegative = 0.2
    """Of what is below zero."""

    def encoder(self, shape: Shape, outputs: int | Shape) -> nn.Module:
        hidden = nn.Linear(math.prod(shape), self.units)
        return nn.Sequential(nn.Flatten(), hidden, nn.LeakyReLU(self.slope),
                             nn.Linear(self.units, self.flat_size(outputs)))  # fmt: skip

    def decoder(self, codes: int | Shape, shape: Shape) -> nn.Module:
        image = nn.Linear(self.units, math.prod(shape)), nn.Tanh(), nn.Unflatten(1, tuple(shape))
        return nn.Sequential(nn.Linear(self.flat_size(codes), self.units), nn.LeakyReLU(self.slope), *image)

    def layers(self, shape: Shape) -> tuple[dict[str, nn.Module], str]:
        hidden = nn.Linear(math.prod(shape), self.units), nn.LeakyReLU(self.slope)
        return {"hidden": nn.Sequential(nn.Flatten(), *hidden), "logit": nn.Linear(self.units, 1)}, "hidden"


@settings
class HalfNormal(Distribution):
    """The positive half of a normal distribution."""

    spread: Positive = 1.0
    """How broad."""

    def sample(self, n: int, dim: int, noise: Noise) -> Tensor:
        return self.spread * noise("half", (n, dim)).abs()


@settings
class Bounded(Deterministic):
    """A point, of which no number is beyond a limit."""

    limit: Positive = 3.0
    """The largest number of a code."""

    def from_outputs(self, outputs: Tensor) -> Points:
        return super().from_outputs(self.limit * torch.tanh(outputs / self.limit))


@settings
class Cubic(ObservationModel):
    """A likelihood of a power of the error."""

    power: Positive = 3.0
    """Of the error."""

    def log_probs(self, x: Tensor, mu: Tensor, scale: nn.Module | None) -> Tensor:
        return -((x - mu).abs() ** self.power)
