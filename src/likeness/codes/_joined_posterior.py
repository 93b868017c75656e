"""q(z|x) of whole codes that are made of a style and of what is known beside it."""

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
    """The posterior of the style, and how a style becomes a whole code."""

    style: Posterior
    join: Callable[[Codes], FullCodes]

    @property
    def mean(self) -> FullCodes:
        """The whole code of the style that stands for each image."""
        return self.join(self.style.mean)

    @property
    def log_variance(self) -> Float[Tensor, "n ..."] | None:
        """Of the style alone."""
        return self.style.log_variance

    def sample(self, noise: Noise | int = 0) -> FullCodes:
        """The whole code of a style that is drawn for each image."""
        return self.join(self.style.sample(noise))

    def kl(self, prior: Distribution) -> PerSample:
        """KL(q(z|x) || prior) of the style, in nats."""
        return self.style.kl(prior)
