"""Posteriors q(z|x): how an encoder's outputs become codes.

To add one: a class with `heads` and `read`, and its name in `AnyPosterior`.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Protocol, runtime_checkable

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from likeness.losses import per_sample, precise
from likeness.noise import Noise
from likeness.priors import Normal, Petals
from likeness.settings import Count, Positive, settings
from likeness.shapes import Codes, Images, ImageShape, PerSample


@settings
class Posterior(ABC):
    """How an encoder is given images, and how its outputs are read."""

    heads: ClassVar[int]
    """Outputs of the encoder for each dimension of the codes."""

    def __call__(self, Enc: Callable[..., Tensor], x: Images, noise: Noise | None) -> "Distribution":
        """q(z|x); `noise` is for what the encoder sees beside an image, and None leaves that out."""
        return self.read(Enc(self.given(x, noise)))

    def sees(self, shape: ImageShape) -> ImageShape:
        """The shape of what the encoder is given for an image of `shape`."""
        return shape

    def given(self, x: Images, noise: Noise | None) -> Float[Tensor, "n c2 *space"]:
        """What the encoder is given for images; None leaves out noise of the posterior's own."""
        return x

    @abstractmethod
    def read(self, outputs: Float[Tensor, "n o *space"]) -> "Distribution":
        """The distribution that the encoder's outputs stand for."""


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

    def kl(self, prior: Normal) -> PerSample:
        """KL(q(z|x) || prior), in nats, in closed form."""
        ratio = self.log_variance - 2 * math.log(prior.std)
        square = (self.mean / prior.std) ** 2
        return 0.5 * per_sample(square + torch.exp(ratio) - 1 - ratio)

    def divergence(self, prior: Normal | Petals, z: Codes) -> PerSample:
        """KL(q(z|x) || prior): in closed form where there is one, else log q(z|x) - log p(z) at codes
        drawn from it, whose mean it is."""
        if isinstance(prior, Normal):
            return self.kl(prior)
        square = (z - self.mean) ** 2 / torch.exp(self.log_variance)
        log_q = -0.5 * per_sample(square + self.log_variance + math.log(2 * math.pi))
        places = z.movedim(1, -1)
        log_p = prior.log_prob(places.flatten(0, -2)).reshape(places.shape[:-1])
        return log_q - per_sample(log_p[:, None])


@settings
class Deterministic(Posterior):
    """z = Enc(x): Makhzani et al. 2015, section 2, (1)."""

    heads: ClassVar[int] = 1
    name: Literal["deterministic"] = "deterministic"

    def read(self, outputs: Float[Tensor, "n o *space"]) -> Points:
        return Points(precise(outputs))


@settings
class Gaussian(Posterior):
    """A mean and a log-variance for each dimension; the log-variance is held in [-30, 20]."""

    heads: ClassVar[int] = 2
    name: Literal["gaussian"] = "gaussian"

    def __call__(self, Enc: Callable[..., Tensor], x: Images, noise: Noise | None) -> DiagonalNormal:
        return self.read(Enc(self.given(x, noise)))

    def read(self, outputs: Float[Tensor, "n o *space"]) -> DiagonalNormal:
        mean, log_variance = precise(outputs).chunk(2, dim=1)
        return DiagonalNormal(mean, log_variance.clamp(-30, 20))


@settings
class Noisy(Posterior):
    """A mean from the encoder, and a standard deviation that is fixed: Gaussian posteriors, Makhzani et
    al. 2015, section 2, (2), that cannot shrink to points under the reconstruction error."""

    heads: ClassVar[int] = 1
    name: Literal["noisy"] = "noisy"
    std: Positive = 1.0
    """Standard deviation of the codes of one image."""

    def read(self, outputs: Float[Tensor, "n o *space"]) -> DiagonalNormal:
        mean = precise(outputs)
        return DiagonalNormal(mean, torch.full_like(mean, 2 * math.log(self.std)))


@settings
class Universal(Posterior):
    """A universal approximator z = f(x, eta): Makhzani et al. 2015, section 2, (3).

    Without its noise, f(x, 0) is the code that stands for an image.
    """

    heads: ClassVar[int] = 1
    name: Literal["universal"] = "universal"
    eta: Count = 1
    """Channels of noise, of the image's height and width, that the encoder sees beside the image."""

    def sees(self, shape: ImageShape) -> ImageShape:
        return shape._replace(channels=shape.channels + self.eta)

    def given(self, x: Images, noise: Noise | None) -> Float[Tensor, "n c2 *space"]:
        shape = (x.shape[0], self.eta, *x.shape[2:])
        eta = x.new_zeros(shape) if noise is None else noise("eta", shape).to(x)
        return torch.cat([x, eta], 1)

    def read(self, outputs: Float[Tensor, "n o *space"]) -> Points:
        return Points(precise(outputs))


AnyPosterior = Annotated[Deterministic | Gaussian | Noisy | Universal, Field(discriminator="name")]
"""Posteriors that a user may choose between."""
