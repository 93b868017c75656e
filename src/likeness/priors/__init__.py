"""Priors p(z): what the codes should be distributed as. To add one: a class, and its name in `Prior`."""

from typing import Annotated

from pydantic import Field

from likeness.priors._distribution import Distribution
from likeness.priors.drawn import Drawn, Empirical, Sampler
from likeness.priors.product import Product
from likeness.priors.written import Categorical, Normal, Petals, SwissRoll, Uniform

Prior = Annotated[
    Normal | Uniform | Petals | SwissRoll | Categorical | Product | Empirical | Sampler,
    Field(discriminator="name"),
]

__all__ = [
    "Categorical", "Distribution", "Drawn", "Empirical", "Normal", "Petals", "Prior", "Product",
    "Sampler", "SwissRoll", "Uniform",
]  # fmt: skip
