"""Products of independent priors."""

from typing import Annotated, Any, ClassVar

import torch
from pydantic import BeforeValidator

from likeness.choices import Choice
from likeness.errors import UserError
from likeness.noise import Noise
from likeness.priors._distribution import Distribution
from likeness.settings import Count, Metavar, settings
from likeness.shapes import Codes, Labels


@settings
class Factor:
    """A factor of a product: the prior of some dimensions."""

    prior: Annotated[Distribution, Choice("likeness.priors", requires="can_be_factor")]
    """Prior of the dimensions."""
    dims: Count
    """Number of dimensions."""

    @property
    def region_count(self) -> int:
        """Number of regions of the prior."""
        return self.prior.region_count(self.dims)


def _parse_factors(text: Any) -> Any:
    """Parse `"normal:8,petals:2"` into a list of factors; values of other types stay."""
    if not isinstance(text, str):
        return text
    pairs = (part.partition(":") for part in text.split(","))
    return [{"prior": name.strip(), "dims": dims} for name, _, dims in pairs]


@settings
class Product(Distribution):
    """Product of independent priors; its regions are those of the first factor that has regions."""

    can_be_factor: ClassVar[bool] = False

    factors: Annotated[tuple[Factor, ...], BeforeValidator(_parse_factors), Metavar("NAME:N,...")] = ()
    """Priors with their numbers of dimensions, such as `normal:8,petals:2`."""

    def check(self, dim: int, option: str = "--latent") -> None:
        if sum(factor.dims for factor in self.factors) != dim:
            total = " + ".join(str(factor.dims) for factor in self.factors) or "no"
            raise UserError(
                f"the factors of the prior have {total} dimensions, {option} is {dim}; make them the same"
            )
        for factor in self.factors:
            factor.prior.check(factor.dims, option)

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        parts = [f.prior.sample(n, f.dims, noise.of(f"factor {k}")) for k, f in enumerate(self.factors)]
        return torch.cat(parts, 1)

    def region_count(self, dim: int) -> int:
        return next((factor.region_count for factor in self.factors if factor.region_count), 0)

    def sample_in_regions(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        with_regions = next(k for k, factor in enumerate(self.factors) if factor.region_count)
        parts = []
        for k, factor in enumerate(self.factors):
            factor_noise = noise.of(f"factor {k}")
            if k == with_regions:
                parts.append(factor.prior.sample_in_regions(regions, factor.dims, factor_noise))
            else:
                parts.append(factor.prior.sample(regions.shape[0], factor.dims, factor_noise))
        return torch.cat(parts, 1)
