"""The variational autoencoder: its bound, in closed form where the encoder says nothing."""

import math

import pytest
import torch

from likeness.errors import UserError
from support.blank_games import LABELS, LLIKE, MSE, X, moved, networks, objective_of, seen


@pytest.mark.parametrize("std", [0.5, 1.0, 3.0])
def test_the_prior_term_is_the_divergence_of_two_normals_times_beta(std: float) -> None:
    """N(0, I) from N(0, std^2 I), in three dimensions."""
    kl = 3 * (math.log(std) + 0.5 / std**2 - 0.5)
    found = seen(objective_of("vae", beta=2.0, prior={"name": "normal", "std": std}))
    expected = {"prior": kl, "llike": LLIKE, "pixels": MSE, "loss_autoencoder": 2 * kl + LLIKE}
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_encoder_and_decoder_move_together() -> None:
    assert moved(objective_of("vae")) == {"autoencoder": {"encoder", "decoder"}}


def test_a_code_is_the_mean_and_not_a_draw_from_the_posterior() -> None:
    objective = objective_of("vae")
    nets = networks(objective)
    outputs = nets["encoder"](X)
    assert outputs.shape == (6, 2 * 3)
    assert torch.equal(objective.encode(nets, X, LABELS).mean, outputs[:, :3])


def test_a_prior_without_a_density_is_refused() -> None:
    with pytest.raises(UserError, match="prior"):
        objective_of("vae", prior={"name": "uniform"})
