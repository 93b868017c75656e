"""Codes that are maps: a code of the prior at each place."""

import pytest
import torch

from likeness.codes import Spatial
from likeness.nets import Networks
from likeness.noise import SeededNoise
from likeness.priors import Normal, Petals

NOISE = SeededNoise((2, "spatial"))
MAP = (2, 3, 4)


def sampled(prior: Normal | Petals, n: int, temperature: float = 1.0) -> torch.Tensor:
    return Spatial(channels=2).sample(Networks({}), prior, n, MAP, NOISE, temperature)


def test_each_place_has_a_code_of_the_prior_by_itself() -> None:
    z = sampled(Normal(std=3.0), 2000)
    assert z.shape == (2000, *MAP)
    of_places = torch.corrcoef(z.flatten(1).T)
    assert (of_places - torch.eye(24)).abs().max() < 0.12  # five standard errors
    assert float(z.std()) == pytest.approx(3, rel=0.02)
    assert torch.allclose(sampled(Normal(std=3.0), 5, 0.5), 0.5 * sampled(Normal(std=3.0), 5))


def test_the_channels_of_a_place_are_one_point_of_the_prior() -> None:
    """Petals of no width lie on lines through the origin, at known angles."""
    x, y = sampled(Petals(petals=4, across=1e-6), 50).unbind(1)
    angle = torch.atan2(y, x) * 4 / (2 * torch.pi)
    assert (angle - angle.round()).abs().max() < 1e-3
    assert len(angle.round().remainder(4).unique()) == 4


def test_a_map_becomes_a_row_and_is_again_what_it_was() -> None:
    code, z = Spatial(channels=2), torch.randn(5, *MAP)
    assert code.flatten(z).shape == (5, 24) and torch.equal(code.unflatten(code.flatten(z), MAP), z)
    assert torch.equal(code.style(z), z)


def test_a_walk_is_at_random_and_has_a_map_for_each_picture() -> None:
    z = Spatial(channels=2).walk(Normal(), 3, 5, MAP, NOISE)
    assert z.shape == (15, *MAP) and not torch.allclose(z[0], z[1])


def test_the_prior_is_about_the_channels() -> None:
    assert Spatial(channels=7).dims == 7 and Spatial.dims_option == "--code.channels"
