"""Independent priors side by side."""

from typing import Annotated, Any, ClassVar

import torch
from pydantic import BeforeValidator

from likeness.choices import Choice
from likeness.errors import UserError
from likeness.noise import Noise
from likeness.priors._distribution import Distribution
from likeness.settings import Count, settings
from likeness.shapes import Codes, Labels


@settings
class Factor:
    """A prior of some of the dimensions."""

    prior: Annotated[Distribution, Choice("likeness.priors", requires="can_be_factor")]
    """Their prior, or its name."""
    dims: Count
    """How many."""

    @property
    def region_count(self) -> int:
        """How many regions its prior has."""
        return self.prior.region_count(self.dims)


def _factors(text: Any) -> Any:
    """`"normal:8,petals:2"` as a list of factors; anything else as it is."""
    if not isinstance(text, str):
        return text
    pairs = (part.partition(":") for part in text.split(","))
    return [{"prior": name.strip(), "dims": dims} for name, _, dims in pairs]


@settings
class Product(Distribution):
    """Independent priors side by side; its regions are those of the first that has any."""

    can_be_factor: ClassVar[bool] = False

    factors: Annotated[tuple[Factor, ...], BeforeValidator(_factors)] = ()
    """Priors and how many dimensions each has, such as `normal:8,petals:2`."""

    def check(self, dim: int, option: str = "--latent") -> None:
        if sum(factor.dims for factor in self.factors) != dim:
            said = " + ".join(str(factor.dims) for factor in self.factors) or "no factor"
            raise UserError(
                f"the factors of the prior have {said} dimensions, {option} is {dim}; make them the same"
            )
        for factor in self.factors:
            factor.prior.check(factor.dims, option)

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        parts = [f.prior.sample(n, f.dims, noise.of(f"factor {k}")) for k, f in enumerate(self.factors)]
        return torch.cat(parts, 1)

    def region_count(self, dim: int) -> int:
        return next((factor.region_count for factor in self.factors if factor.region_count), 0)

    def sample_in_regions(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        chosen = next(k for k, factor in enumerate(self.factors) if factor.region_count)
        parts = []
        for k, factor in enumerate(self.factors):
            own = noise.of(f"factor {k}")
            if k == chosen:
                parts.append(factor.prior.sample_in_regions(regions, factor.dims, own))
            else:
                parts.append(factor.prior.sample(regions.shape[0], factor.dims, own))
        return torch.cat(parts, 1)
