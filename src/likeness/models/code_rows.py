"""The codes of images as rows, however many images and whatever their layout."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from likeness.noise import Noise, as_noise
from likeness.posteriors import Posterior
from likeness.priors import Distribution
from likeness.shapes import Codes, PerSample


@dataclass(frozen=True)
class CodeRows:
    """q(z|x) of images that went through the encoder in parts; codes are rows (n, dimensions)."""

    parts: Sequence[Posterior]
    device: torch.device
    """Where codes are wanted: where the images are."""

    @property
    def mean(self) -> Codes:
        """The code that stands for each image."""
        return self._rows(lambda q: q.mean)

    @property
    def log_variance(self) -> Codes | None:
        """Log of the variance of each number of a code, of the style where there is a class beside it; None
        where q(z|x) is not a Gaussian."""
        if any(part.log_variance is None for part in self.parts):
            return None
        return self._rows(lambda q: q.log_variance)  # type: ignore[arg-type,return-value]

    def sample(self, noise: Noise | int = 0) -> Codes:
        """One code for each image, a function of the noise, or of a seed."""
        drawn = as_noise(noise)
        codes = [part.sample(drawn.of(str(k))).flatten(1) for k, part in enumerate(self.parts)]
        return torch.cat(codes).to(self.device)

    def kl(self, prior: Distribution) -> PerSample:
        """KL(q(z|x) || prior) of each image, in nats. Raises UserError where it has no closed form."""
        return torch.cat([part.kl(prior) for part in self.parts]).to(self.device)

    def _rows(self, of: Callable[[Posterior], Tensor]) -> Codes:
        return torch.cat([of(part).flatten(1) for part in self.parts]).to(self.device)
