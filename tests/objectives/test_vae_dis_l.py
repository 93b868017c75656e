"""VAE_Dis_l: likeness in the features of a discriminator that is borrowed and never moves."""

import math

import pytest

from support.blank_games import HIDDEN, MSE, moved, networks, objective_of, seen

NORMAL = {"name": "normal", "variance": 0.3}


def test_the_discriminator_is_borrowed_and_moves_with_nobody() -> None:
    objective = objective_of("vae_dis_l")
    assert objective.pretrained_players == {"discriminator": "gan"}
    assert moved(objective) == {"autoencoder": {"encoder", "decoder", "scale"}}
    assert "discriminator" in networks(objective)
    fixed = objective_of("vae_dis_l", feature_likelihood=NORMAL)
    assert moved(fixed) == {"autoencoder": {"encoder", "decoder"}}


def test_features_that_are_all_equal_cost_the_constant_of_their_normal() -> None:
    found = seen(objective_of("vae_dis_l", feature_likelihood=NORMAL))
    llike = 0.5 * HIDDEN * math.log(0.3)
    expected = {"prior": 0, "llike": llike, "features": llike / HIDDEN, "pixels": MSE}
    assert found == pytest.approx(expected | {"loss_autoencoder": llike}, rel=1e-5)


def test_beta_weighs_the_prior_against_the_features() -> None:
    prior = {"name": "normal", "std": 2.0}
    nets = networks(objective_of("vae_dis_l"))
    for beta in (0.0, 0.5):
        found = seen(objective_of("vae_dis_l", beta=beta, prior=prior), nets)
        assert found["loss_autoencoder"] == pytest.approx(beta * found["prior"] + found["llike"], rel=1e-5)
        assert found["prior"] > 0.1
