"""The posterior of many images, with codes as rows."""

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
    """q(z|x) for images that were encoded in parts; codes are rows (n, code_size)."""

    parts: Sequence[Posterior]
    """q(z|x) for each part of the images."""
    device: torch.device
    """Device of the images, and of codes."""

    @property
    def mean(self) -> Codes:
        """The code of each image: the mean of q(z|x), or the code without noise."""
        return self._rows(lambda q: q.mean)

    @property
    def log_variance(self) -> Codes | None:
        """Log-variance of each number of a code, or of its style if there are classes; None if q(z|x) is
        not Gaussian."""
        if any(part.log_variance is None for part in self.parts):
            return None
        return self._rows(lambda q: q.log_variance)  # type: ignore[arg-type,return-value]

    def sample(self, noise: Noise | int = 0) -> Codes:
        """One sample for each image, as a function of noise or of a seed."""
        source = as_noise(noise)
        codes = [part.sample(source.of(str(k))).flatten(1) for k, part in enumerate(self.parts)]
        return torch.cat(codes).to(self.device)

    def kl(self, prior: Distribution) -> PerSample:
        """KL(q(z|x) || prior) for each image, in nats. Raises UserError if it has no closed form."""
        return torch.cat([part.kl(prior) for part in self.parts]).to(self.device)

    def _rows(self, select: Callable[[Posterior], Tensor]) -> Codes:
        """A tensor of each part, selected by a function, as rows."""
        return torch.cat([select(part).flatten(1) for part in self.parts]).to(self.device)
