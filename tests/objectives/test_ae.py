"""The plain autoencoder: one move, one number that is descended."""

import pytest
import torch

from support.blank_games import LABELS, LLIKE, MSE, X, moved, networks, objective_of, seen


def test_encoder_and_decoder_move_together_and_nobody_else_plays() -> None:
    objective = objective_of("ae")
    assert moved(objective) == {"autoencoder": {"encoder", "decoder"}}
    assert set(networks(objective)) == {"encoder", "decoder"}


def test_what_is_descended_is_the_likelihood_and_what_is_reported_the_pixels_too() -> None:
    expected = {"loss_autoencoder": LLIKE, "llike": LLIKE, "pixels": MSE}
    assert seen(objective_of("ae")) == pytest.approx(expected, rel=1e-5)


def test_a_code_is_what_the_encoder_says_and_the_same_each_time() -> None:
    objective = objective_of("ae")
    nets = networks(objective)
    z = objective.encode(nets, X, LABELS).mean
    assert z.shape == (6, 3) and torch.equal(z, nets["encoder"](X))
