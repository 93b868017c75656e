"""Posteriors q(z|x): how an encoder's outputs become codes.

To add one: a class with `heads` and `__call__`, and the distribution of codes that it returns.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

import torch
from torch import nn

from likeness.losses import precise
from likeness.priors import Normal
from likeness.settings import settings
from likeness.shapes import Codes, Images, PerSample


class Posterior(Protocol):
    """How an encoder is read."""

    heads: ClassVar[int]
    """Outputs of the encoder for each dimension of the codes."""

    def __call__(self, Enc: nn.Module, x: Images) -> "Distribution":
        """q(z|x)."""
        ...


class Distribution(Protocol):
    """Codes of a batch of images, each with its uncertainty."""

    @property
    def mean(self) -> Codes:
        """The code that stands for each image."""
        ...

    def sample(self) -> Codes:
        """One code for each image."""
        ...


@dataclass(frozen=True)
class Points:
    """Codes without uncertainty."""

    mean: Codes

    def sample(self) -> Codes:
        """The codes themselves."""
        return self.mean


@dataclass(frozen=True)
class DiagonalNormal:
    """N(mean, exp(log_variance)), diagonal."""

    mean: Codes
    log_variance: Codes

    def sample(self) -> Codes:
        """One code for each image, reparametrised (Kingma and Welling 2014, section 2.4)."""
        return self.mean + torch.exp(0.5 * self.log_variance) * torch.randn_like(self.mean)

    def kl(self, prior: Normal) -> PerSample:
        """KL(q(z|x) || prior), in nats, in closed form."""
        ratio = self.log_variance - 2 * math.log(prior.std)
        square = (self.mean / prior.std) ** 2
        return 0.5 * (square + torch.exp(ratio) - 1 - ratio).sum(1)


@settings
class Deterministic:
    """z = Enc(x): Makhzani et al. 2015, section 2, (1)."""

    heads: ClassVar[int] = 1
    name: Literal["deterministic"] = "deterministic"

    def __call__(self, Enc: nn.Module, x: Images) -> Points:
        return Points(precise(Enc(x)))


@settings
class Gaussian:
    """A mean and a log-variance for each dimension; the log-variance is held in [-30, 20]."""

    heads: ClassVar[int] = 2
    name: Literal["gaussian"] = "gaussian"

    def __call__(self, Enc: nn.Module, x: Images) -> DiagonalNormal:
        mean, log_variance = precise(Enc(x)).chunk(2, dim=1)
        return DiagonalNormal(mean, log_variance.clamp(-30, 20))
