"""Likelihoods of pixels in a game: each in closed form of an image that is nought."""

import math
from typing import Any

import pytest

from support.blank_games import LLIKE, MSE, PIXELS, X, moved, networks, objective_of, seen

EXPECTED: list[tuple[dict[str, Any], float]] = [
    ({"name": "normal"}, LLIKE),
    ({"name": "normal", "variance": 0.3}, LLIKE / 0.3 + 0.5 * PIXELS * math.log(0.3)),
    ({"name": "learned_normal"}, LLIKE),
    ({"name": "laplace", "width": 0.5}, PIXELS * float(X.abs().mean()) / 0.5),
    ({"name": "bernoulli"}, PIXELS * math.log(2)),
]
"""What an image that is nought costs; a variance that is learned begins at one, 2 * 0.5 is one."""


@pytest.mark.parametrize("method", ["ae", "vae", "aae"])
@pytest.mark.parametrize(("likelihood", "llike"), EXPECTED, ids=lambda value: str(value)[:40])
def test_an_error_costs_what_its_likelihood_says_and_is_as_large(
    method: str, likelihood: dict[str, Any], llike: float
) -> None:
    found = seen(objective_of(method, likelihood=likelihood))
    assert found["llike"] == pytest.approx(llike, rel=1e-4)
    assert found["pixels"] == pytest.approx(MSE, rel=1e-5), "whatever the likelihood"


@pytest.mark.parametrize("method", ["ae", "vae", "aae", "aae_cluster"])
def test_a_variance_that_is_learned_is_a_player_that_moves_with_the_autoencoder(method: str) -> None:
    learned = objective_of(method, likelihood={"name": "learned_normal"})
    assert "scale" in moved(learned)["autoencoder"]
    assert networks(learned).keys() - networks(objective_of(method)).keys() == {"scale"}


@pytest.mark.parametrize(("per", "count"), [("image", 1), ("channel", 2)])
def test_a_variance_for_each_channel_is_as_many_numbers(per: str, count: int) -> None:
    nets = networks(objective_of("ae", likelihood={"name": "learned_normal", "per": per}))
    assert sum(p.numel() for p in nets["scale"].parameters()) == count
