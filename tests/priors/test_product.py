"""Independent priors side by side."""

import math

import pytest
import torch
from pydantic import TypeAdapter, ValidationError

from likeness.errors import UserError
from likeness.noise import SeededNoise
from likeness.priors import Distribution, Petals, Product

NOISE = SeededNoise((0,))


def product(text: str) -> Distribution:
    """A product as the command line says it."""
    return TypeAdapter(Product).validate_python({"factors": text})


def test_factors_of_a_product_lie_side_by_side_and_are_independent() -> None:
    prior = product("uniform:2, petals:2,normal:1")
    prior.check(5)
    z = prior.sample(40_000, 5, NOISE)
    assert z[:, :2].abs().max() <= 1 and z[:, 4].abs().max() > 3
    petals = Petals().sample(40_000, 2, NOISE)
    assert torch.allclose(z[:, 2:4].norm(dim=1).mean(), petals.norm(dim=1).mean(), atol=0.02)
    assert (torch.corrcoef(z.T) - torch.eye(5)).abs().max() < 0.03


def test_regions_of_a_product_are_those_of_its_first_factor_that_has_any() -> None:
    prior = product("normal:1,petals:2,categorical:3")
    assert prior.region_count(6) == 10
    regions = torch.arange(10).repeat(500)
    z = prior.sample_in_regions(regions, 6, NOISE)
    angles = torch.atan2(z[:, 2], z[:, 1]) / (2 * math.pi) * 10
    middle = (angles - regions + 5) % 10 - 5
    assert (middle[z[:, 1:3].norm(dim=1) > 0.7].abs() < 0.5).float().mean() > 0.98
    assert z[:, 3:].sum(0).min() > 1300, "the categorical factor should not follow the regions"
    assert product("normal:2").region_count(2) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("normal:3,uniform:1", r"have 3 \+ 1 dimensions, --latent is 5; make them the same"),
        ("normal:2,petals:3", "petals lies in the plane"),
    ],
)
def test_factors_that_do_not_fit_are_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        product(text).check(5)


def test_a_product_of_nothing_says_so() -> None:
    with pytest.raises(UserError, match="have no dimensions"):
        Product().check(5)


@pytest.mark.parametrize(
    "wrong", ["normal", "normal:0", "normal:x", "nobody:2", "product:2", "empirical:2", ""]
)
def test_a_word_that_names_no_factors_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        product(wrong)
