"""Independent priors side by side."""

from typing import Annotated, Any, Literal

import torch
from pydantic import BeforeValidator, Field

from likeness.errors import UserError
from likeness.priors._distribution import Distribution
from likeness.priors.written import Categorical, Normal, Petals, SwissRoll, Uniform
from likeness.settings import Count, settings
from likeness.shapes import Codes, Labels

Alone = Annotated[Normal | Uniform | Petals | SwissRoll | Categorical, Field(discriminator="name")]
"""Priors that can be a factor of a product."""


def _named(prior: Any) -> Any:
    return {"name": prior} if isinstance(prior, str) else prior


@settings
class Factor:
    """A prior of some of the dimensions."""

    prior: Annotated[Alone, BeforeValidator(_named)]
    """Their prior, or its name."""
    dims: Count
    """How many."""

    @property
    def regions(self) -> int:
        """How many regions its prior has."""
        return self.prior.regions(self.dims)


def _factors(text: Any) -> Any:
    """`"normal:8,petals:2"` as a list of factors; anything else as it is."""
    if not isinstance(text, str):
        return text
    pairs = (part.partition(":") for part in text.split(","))
    return [{"prior": name.strip(), "dims": dims} for name, _, dims in pairs]


@settings
class Product(Distribution):
    """Independent priors side by side; its regions are those of the first that has any."""

    name: Literal["product"] = "product"
    factors: Annotated[tuple[Factor, ...], BeforeValidator(_factors)] = ()
    """Priors and how many dimensions each has, such as `normal:8,petals:2`."""

    def check(self, dim: int) -> None:
        if sum(factor.dims for factor in self.factors) != dim:
            said = " + ".join(str(factor.dims) for factor in self.factors) or "no factor"
            raise UserError(
                f"the factors of the prior have {said} dimensions, --latent is {dim}; make them the same"
            )
        for factor in self.factors:
            factor.prior.check(factor.dims)

    def sample(self, n: int, dim: int) -> Codes:
        return torch.cat([factor.prior.sample(n, factor.dims) for factor in self.factors], 1)

    def regions(self, dim: int) -> int:
        return next((factor.regions for factor in self.factors if factor.regions), 0)

    def within(self, regions: Labels, dim: int) -> Codes:
        chosen = next(factor for factor in self.factors if factor.regions)
        parts = [
            f.prior.within(regions, f.dims) if f is chosen else f.prior.sample(len(regions), f.dims)
            for f in self.factors
        ]
        return torch.cat(parts, 1)
