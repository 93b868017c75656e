"""The posterior of full codes that join a style with a class."""

from collections.abc import Callable
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from likeness.noise import Noise
from likeness.posteriors import Posterior
from likeness.priors import Distribution
from likeness.shapes import Codes, FullCodes, PerSample


@dataclass(frozen=True)
class JoinedPosterior:
    """q(z|x) of full codes: the posterior of the style, joined with a class."""

    style: Posterior
    """q(z|x) of the style."""
    join: Callable[[Codes], FullCodes]
    """Joins styles with the classes of the images."""

    @property
    def mean(self) -> FullCodes:
        """The full code with the mean style of each image."""
        return self.join(self.style.mean)

    @property
    def log_variance(self) -> Float[Tensor, "n ..."] | None:
        """Log-variance of the style; None if it is not Gaussian."""
        return self.style.log_variance

    def sample(self, noise: Noise | int = 0) -> FullCodes:
        """The full code with a random style of each image."""
        return self.join(self.style.sample(noise))

    def kl(self, prior: Distribution) -> PerSample:
        """KL(q(z|x) || prior) of the style, in nats."""
        return self.style.kl(prior)
