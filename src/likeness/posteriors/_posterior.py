"""What an encoder's outputs stand for: q(z|x), the codes of images, each with its uncertainty."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.errors import UserError
from likeness.losses import per_sample
from likeness.noise import Noise, as_noise
from likeness.priors import Distribution
from likeness.shapes import Codes, PerSample


@runtime_checkable
class Posterior(Protocol):
    """q(z|x) of n images."""

    @property
    def mean(self) -> Float[Tensor, "n ..."]:
        """The code that stands for each image."""
        ...

    @property
    def log_variance(self) -> Float[Tensor, "n ..."] | None:
        """Log of the variance of each number of a code; None where q(z|x) is not a Gaussian."""
        ...

    def sample(self, noise: Noise | int = 0) -> Float[Tensor, "n ..."]:
        """One code for each image, a function of the noise, or of a seed."""
        ...

    def kl(self, prior: Distribution) -> PerSample:
        """KL(q(z|x) || prior) of each image, in nats. Raises UserError where it has no closed form."""
        ...


@dataclass(frozen=True)
class Points:
    """Codes without uncertainty."""

    mean: Codes

    @property
    def log_variance(self) -> None:
        """There is none."""

    def sample(self, noise: Noise | int = 0) -> Codes:
        """The codes themselves."""
        return self.mean

    def kl(self, prior: Distribution) -> NoReturn:
        """Raises UserError: it would be infinite."""
        raise _no_density_error()


@dataclass(frozen=True)
class DiagonalNormal:
    """N(mean, exp(log_variance)), diagonal."""

    mean: Codes
    log_variance: Codes

    def sample(self, noise: Noise | int = 0) -> Codes:
        """One code for each image, reparametrised (Kingma and Welling 2014, section 2.4)."""
        epsilon = as_noise(noise)("epsilon", self.mean.shape).to(self.mean.device)
        return self.mean + torch.exp(0.5 * self.log_variance) * epsilon

    def kl(self, prior: Distribution) -> PerSample:
        """KL(q(z|x) || prior), in nats. Raises UserError for a prior from which it has no closed form."""
        if not prior.has_closed_form_kl:
            raise UserError(
                f"the divergence from the prior {prior.name} has no closed form; estimate it from samples"
            )
        return prior.kl(self.mean, self.log_variance)

    def divergence(self, prior: Distribution, z: Codes) -> PerSample:
        """KL(q(z|x) || prior): in closed form where there is one, else log q(z|x) - log p(z) at codes
        drawn from it, whose mean it is."""
        if prior.has_closed_form_kl:
            return self.kl(prior)
        square = (z - self.mean) ** 2 / torch.exp(self.log_variance)
        log_q = -0.5 * per_sample(square + self.log_variance + math.log(2 * math.pi))
        places = z.movedim(1, -1)
        log_p = prior.log_prob(places.flatten(0, -2)).reshape(places.shape[:-1])
        return log_q - per_sample(log_p[:, None])


@dataclass(frozen=True)
class ImplicitPosterior:
    """Codes of which only draws are known, each by a pass of the encoder with noise."""

    mean: Float[Tensor, "n ..."]
    """Of the encoder without noise."""
    encode: Callable[[Noise], Posterior]
    """What the encoder gives with noise."""

    @property
    def log_variance(self) -> None:
        """It is not known."""

    def sample(self, noise: Noise | int = 0) -> Float[Tensor, "n ..."]:
        """One code for each image, by another pass."""
        drawn = as_noise(noise)
        return self.encode(drawn).sample(drawn.of("z"))

    def kl(self, prior: Distribution) -> NoReturn:
        """Raises UserError: the density is not known."""
        raise _no_density_error()


def _no_density_error() -> UserError:
    return UserError(
        "this posterior has no density, and so no divergence from the prior; "
        "train a method whose posterior is Gaussian, such as vae"
    )
