"""VAE/GAN: the weights of its costs, and when its discriminator begins."""

import math

import pytest
import torch

from support.blank_games import LABELS, MSE, X, moved, networks, objective_of, seen

TWO = math.log(2)
WEIGHTS = {"real_weight": 0.5, "reconstructed_weight": 0.3, "prior_weight": 0.1}


def test_each_network_moves_by_itself_and_a_learned_scale_too() -> None:
    alone = {name: {name} for name in ("encoder", "decoder", "discriminator")}
    assert moved(objective_of("vae_gan")) == alone | {"scale": {"scale"}}
    assert moved(objective_of("vae_gan", feature_likelihood={"name": "normal"})) == alone


def test_an_undecided_discriminator_costs_log_two_times_each_weight() -> None:
    found = seen(objective_of("vae_gan", **WEIGHTS))
    assert found["gan"] == found["loss_discriminator"] == pytest.approx(0.9 * TWO)
    assert found["loss_decoder"] == pytest.approx(0.4 * TWO), "real images are none of the decoder's"
    assert (found["cost_real"], found["cost_prior"]) == pytest.approx((TWO, TWO))
    assert found["pixels"] == pytest.approx(MSE)


def test_the_papers_weights_add_up_to_one() -> None:
    assert seen(objective_of("vae_gan"))["gan"] == pytest.approx(TWO)


def test_before_its_start_there_is_neither_a_discriminator_nor_anybody_to_fool() -> None:
    objective = objective_of("vae_gan", start=3, gamma=2.0)
    before, after = (seen(objective, networks(objective), t=t) for t in (2, 3))
    assert before["loss_decoder"] == pytest.approx(2 * before["features"])
    assert after.keys() - before.keys() == {"loss_discriminator"}
    assert after["loss_decoder"] > before["loss_decoder"]


def test_gamma_weighs_features_for_the_decoder_and_not_for_the_encoder() -> None:
    nets = networks(objective_of("vae_gan"))
    small, large = (seen(objective_of("vae_gan", gamma=gamma), nets) for gamma in (1.0, 5.0))
    gained = large["loss_decoder"] - small["loss_decoder"]
    assert gained == pytest.approx(4 * small["features"], rel=1e-4)
    assert (
        large["loss_encoder"]
        == small["loss_encoder"]
        == pytest.approx(small["prior"] + small["llike"], rel=1e-5)
    )


def test_a_code_is_the_mean_of_the_posterior() -> None:
    objective = objective_of("vae_gan")
    nets = networks(objective)
    assert torch.equal(objective.encode(nets, X, LABELS).mean, nets["encoder"](X)[:, :3])
