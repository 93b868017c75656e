"""The generative adversarial network: costs of an undecided discriminator, no encoder."""

import math

import pytest
import torch

from likeness.errors import UserError
from support.blank_games import LABELS, X, moved, networks, objective_of, sampled, seen


@pytest.mark.parametrize(("gan_loss", "expected"), [("non_saturating", 1), ("saturating", -1)])
def test_an_undecided_discriminator_costs_log_two_on_each_side(gan_loss: str, expected: int) -> None:
    found = seen(objective_of("gan", gan_loss=gan_loss))
    two = math.log(2)
    assert found == pytest.approx(
        {"loss_decoder": expected * two, "loss_discriminator": 2 * two, "cost_real": two, "cost_prior": two}
    )


def test_decoder_and_discriminator_move_each_by_itself() -> None:
    objective = objective_of("gan")
    assert moved(objective) == {"decoder": {"decoder"}, "discriminator": {"discriminator"}}
    assert set(networks(objective)) == {"decoder", "discriminator"}


def test_images_cannot_be_encoded() -> None:
    objective = objective_of("gan")
    with pytest.raises(UserError, match="gan has no encoder; train a method that has, such as vae_gan"):
        objective.encode(networks(objective), X, LABELS)


def test_a_sample_is_a_decoded_code_of_the_prior() -> None:
    objective = objective_of("gan", prior={"name": "uniform", "half": 0.1})
    nets = networks(objective)
    z = sampled(objective, nets, 50)
    assert z.shape == (50, 3) and 0.05 < z.abs().max() <= 0.1
    assert torch.equal(z, sampled(objective, nets, 50)), "a function of its noise"
    assert nets["decoder"](z).shape == (50, *X.shape[1:])


def test_the_penalty_counts_in_the_discriminators_loss_and_not_in_its_costs() -> None:
    nets = networks(objective_of("gan"))
    without, with_it = (seen(objective_of("gan", r1=r1, balance=False), nets) for r1 in (0.0, 3.0))
    assert with_it["loss_discriminator"] > without["loss_discriminator"] + 1e-6
    for name in ("cost_real", "cost_prior", "loss_decoder"):
        assert with_it[name] == without[name]
