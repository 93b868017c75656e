"""Posteriors q(z|x): distributions of the codes of images."""

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
    """q(z|x) for n images."""

    @property
    def mean(self) -> Float[Tensor, "n ..."]:
        """The code of each image: the mean of q(z|x), or the code without noise."""
        ...

    @property
    def log_variance(self) -> Float[Tensor, "n ..."] | None:
        """Log-variance of each number of a code; None if q(z|x) is not Gaussian."""
        ...

    def sample(self, noise: Noise | int = 0) -> Float[Tensor, "n ..."]:
        """One sample for each image, as a function of noise or of a seed."""
        ...

    def kl(self, prior: Distribution) -> PerSample:
        """KL(q(z|x) || prior) for each image, in nats. Raises UserError if it has no closed form."""
        ...


@dataclass(frozen=True)
class Points:
    """Codes without uncertainty."""

    mean: Codes

    @property
    def log_variance(self) -> None:
        """None: there is no variance."""

    def sample(self, noise: Noise | int = 0) -> Codes:
        """The codes themselves."""
        return self.mean

    def kl(self, prior: Distribution) -> NoReturn:
        """Raises UserError: the divergence would be infinite."""
        raise _no_density_error()


@dataclass(frozen=True)
class DiagonalNormal:
    """N(mean, exp(log_variance)), diagonal."""

    mean: Codes
    log_variance: Codes

    def sample(self, noise: Noise | int = 0) -> Codes:
        """One sample for each image, reparametrised (Kingma and Welling 2014, section 2.4)."""
        epsilon = as_noise(noise)("epsilon", self.mean.shape).to(self.mean.device)
        return self.mean + torch.exp(0.5 * self.log_variance) * epsilon

    def kl(self, prior: Distribution) -> PerSample:
        """KL(q(z|x) || prior) for each image, in nats. Raises UserError if it has no closed form."""
        if not prior.has_closed_form_kl:
            raise UserError(
                f"the divergence from the prior {prior.name} has no closed form; estimate it from samples"
            )
        return prior.kl(self.mean, self.log_variance)

    def divergence(self, prior: Distribution, z: Codes) -> PerSample:
        """KL(q(z|x) || prior) for each image, in nats: in closed form if there is one, else estimated
        without bias by log q(z|x) - log p(z) at samples `z`."""
        if prior.has_closed_form_kl:
            return self.kl(prior)
        square = (z - self.mean) ** 2 / torch.exp(self.log_variance)
        log_q = -0.5 * per_sample(square + self.log_variance + math.log(2 * math.pi))
        places = z.movedim(1, -1)
        log_p = prior.log_prob(places.flatten(0, -2)).reshape(places.shape[:-1])
        return log_q - per_sample(log_p[:, None])


@dataclass(frozen=True)
class ImplicitPosterior:
    """A posterior without a density: each sample is a pass of the encoder with noise."""

    mean: Float[Tensor, "n ..."]
    """Codes without noise."""
    encode: Callable[[Noise], Posterior]
    """The encoder with noise."""

    @property
    def log_variance(self) -> None:
        """None: the density is unknown."""

    def sample(self, noise: Noise | int = 0) -> Float[Tensor, "n ..."]:
        """One sample for each image, by a pass of the encoder."""
        source = as_noise(noise)
        return self.encode(source).sample(source.of("z"))

    def kl(self, prior: Distribution) -> NoReturn:
        """Raises UserError: the density is unknown."""
        raise _no_density_error()


def _no_density_error() -> UserError:
    """The error for a divergence of a posterior without a density."""
    return UserError(
        "this posterior has no density, thus no divergence from the prior; "
        "train a method whose posterior is Gaussian, such as vae"
    )
