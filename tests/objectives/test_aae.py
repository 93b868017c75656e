"""The adversarial autoencoder: its three moves and what they cost an undecided discriminator."""

import math

import pytest
import torch

from support.blank_games import LABELS, LLIKE, MSE, X, moved, networks, objective_of, sampled, seen

TWO = math.log(2)


def test_reconstruction_moves_two_networks_and_regularisation_one_at_a_time() -> None:
    assert moved(objective_of("aae")) == {
        "autoencoder": {"encoder", "decoder"}, "critic": {"critic"}, "encoder": {"encoder"}
    }  # fmt: skip


def test_an_undecided_discriminator_costs_log_two_twice_and_is_fooled_for_log_two() -> None:
    losses = {"loss_autoencoder": LLIKE, "loss_critic": 2 * TWO, "loss_encoder": TWO}
    expected = losses | {"llike": LLIKE, "pixels": MSE, "critic": 2 * TWO, "generator": TWO}
    assert seen(objective_of("aae")) == pytest.approx(expected, rel=1e-5)


def test_noise_is_for_training_and_codes_are_without() -> None:
    objective = objective_of("aae", code_noise=3.0, **{"view.noise": 3.0, "view.rotation": 90.0})
    nets = networks(objective)
    assert torch.equal(objective.encode(nets, X, LABELS).mean, nets["encoder"](X))
    clean = seen(objective_of("aae"), nets)
    assert abs(seen(objective, nets)["llike"] - clean["llike"]) > 1e-4


def test_a_sample_is_as_far_from_the_origin_as_its_temperature() -> None:
    objective = objective_of("aae")
    nets = networks(objective)
    assert torch.allclose(sampled(objective, nets, 5, 0.25), sampled(objective, nets, 5) / 4)
