"""Codes that are rows."""

import pytest
import torch

from likeness.codes import Flat
from likeness.nets import Networks
from likeness.noise import SeededNoise
from likeness.priors import Normal, SwissRoll
from support.blank_games import FAMILY, LABELS, SHAPE, X, networks, objective_of

NOISE = SeededNoise((2, "flat"))


def test_an_encoder_gives_as_many_numbers_a_dimension_as_its_posterior_takes() -> None:
    code = Flat(latent=5)
    assert code.shape(FAMILY, SHAPE) == (5,) and code.dims == 5
    assert code.encoder_output_shape(1, FAMILY, SHAPE) == (5,) and code.encoder_output_shape(
        2, FAMILY, SHAPE
    ) == (10,)


def test_a_code_is_the_mean_of_the_posterior_or_drawn_from_it_by_noise() -> None:
    objective = objective_of("vae")
    nets = networks(objective)
    mean, log_variance = nets["encoder"](X).chunk(2, 1)
    assert torch.equal(objective.encode(nets, X, LABELS).mean, mean)
    one, other = (objective.encode(nets, X, LABELS).sample(NOISE.of(name)) for name in "ab")
    epsilon = NOISE.of("a")("epsilon", mean.shape)
    assert torch.allclose(one, mean + (0.5 * log_variance).exp() * epsilon)
    assert not torch.allclose(one, other, atol=0.1)


def test_samples_are_those_of_the_prior_as_far_as_their_temperature() -> None:
    z = Flat(latent=3).sample(Networks({}), Normal(std=5.0), 4000, (3,), NOISE, 0.5)
    assert z.shape == (4000, 3) and float(z.std()) == pytest.approx(2.5, rel=0.05)


def test_a_walk_is_the_priors_own_way_where_it_has_one() -> None:
    prior, code = SwissRoll(), Flat(latent=2)
    assert torch.equal(code.walk(prior, 3, 4, (2,), NOISE), prior.walk(3, 4, 2, NOISE))
    assert not torch.allclose(code.walk(prior, 3, 4, (2,), NOISE), prior.sample(12, 2, NOISE))
