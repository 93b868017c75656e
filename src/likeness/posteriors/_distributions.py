"""What an encoder's outputs stand for: codes, each with its uncertainty."""

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch

from likeness.losses import per_sample
from likeness.noise import Noise
from likeness.priors import Distribution as Prior
from likeness.shapes import Codes, PerSample


@runtime_checkable
class Distribution(Protocol):
    """Codes of a batch of images, each with its uncertainty."""

    @property
    def mean(self) -> Codes:
        """The code that stands for each image."""
        ...

    def sample(self, noise: Noise) -> Codes:
        """One code for each image."""
        ...


@dataclass(frozen=True)
class Points:
    """Codes without uncertainty."""

    mean: Codes

    def sample(self, noise: Noise) -> Codes:
        """The codes themselves."""
        return self.mean


@dataclass(frozen=True)
class DiagonalNormal:
    """N(mean, exp(log_variance)), diagonal."""

    mean: Codes
    log_variance: Codes

    def sample(self, noise: Noise) -> Codes:
        """One code for each image, reparametrised (Kingma and Welling 2014, section 2.4)."""
        epsilon = noise("epsilon", self.mean.shape)
        return self.mean + torch.exp(0.5 * self.log_variance) * epsilon

    def kl(self, prior: Prior) -> PerSample:
        """KL(q(z|x) || prior), in nats, of a prior from which it has a closed form."""
        return prior.kl(self.mean, self.log_variance)

    def divergence(self, prior: Prior, z: Codes) -> PerSample:
        """KL(q(z|x) || prior): in closed form where there is one, else log q(z|x) - log p(z) at codes
        drawn from it, whose mean it is."""
        if prior.closed_form:
            return self.kl(prior)
        square = (z - self.mean) ** 2 / torch.exp(self.log_variance)
        log_q = -0.5 * per_sample(square + self.log_variance + math.log(2 * math.pi))
        places = z.movedim(1, -1)
        log_p = prior.log_prob(places.flatten(0, -2)).reshape(places.shape[:-1])
        return log_q - per_sample(log_p[:, None])
