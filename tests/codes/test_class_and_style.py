"""Whole codes of a class and a style: in which order, and what stays when the class is another."""

import pytest
import torch

from likeness.codes import ClassAndStyle
from likeness.nets import Networks
from likeness.objectives.aae_semi import AAESemi
from likeness.priors import Normal
from support.blank_games import LABELS, X, code_size, networks, objective_of, sampled


def played() -> tuple[AAESemi, Networks]:
    """A method of four classes."""
    objective = objective_of("aae_semi", classes=4, prior={"name": "normal", "std": 2.0})
    assert isinstance(objective, AAESemi) and isinstance(objective.prior, Normal)
    return objective, networks(objective)


def test_a_whole_code_is_the_probabilities_of_the_classes_and_then_the_style() -> None:
    objective, nets = played()
    whole, outputs = objective.encode(nets, X, LABELS).mean, nets["encoder"](X)
    assert code_size(objective) == 4 + 3 and outputs.shape == (6, 7)
    assert torch.allclose(whole[:, :4], outputs[:, :4].softmax(1))
    assert torch.equal(whole[:, 4:], outputs[:, 4:])
    assert torch.equal(objective.code.style(whole), outputs[:, 4:])
    found = objective.code.class_probabilities(nets, objective.posterior, X)
    assert torch.equal(found, whole[:, :4])


def test_what_an_encoder_gives_is_split_and_joined_again() -> None:
    code, outputs = ClassAndStyle(classes=4, latent=3), torch.randn(6, 7)
    logits, style = code.split(outputs)
    assert torch.equal(code.join(Networks({}), logits, style), outputs)


def test_a_code_does_not_look_at_labels() -> None:
    objective, nets = played()
    assert torch.equal(
        objective.encode(nets, X, LABELS).mean, objective.encode(nets, X, LABELS.flip(0)).mean
    )


def test_a_style_in_another_class_stays_as_it_is() -> None:
    objective, nets = played()
    given, code = torch.tensor([3, 3, 0, 1, 2, 0]), objective.code
    other = code.transfer_style(nets, objective.posterior, X, given)
    assert torch.equal(other[:, :4], torch.eye(4)[given])
    assert torch.equal(code.style(other), code.style(objective.encode(nets, X, LABELS).mean))


def test_samples_are_of_each_class_in_turn_with_styles_of_the_prior() -> None:
    objective, nets = played()
    whole = sampled(objective, nets, 4000)
    assert torch.equal(whole[:, :4], torch.eye(4)[torch.arange(4000) % 4])
    assert float(whole[:, 4:].std()) == pytest.approx(2, rel=0.05)
    assert sampled(objective, nets, 9, 0.0)[:, 4:].abs().max() == 0


def test_a_gaussian_posterior_says_two_numbers_for_each_dimension_of_the_style_alone() -> None:
    objective = objective_of("aae_semi", classes=4, posterior={"name": "gaussian"})
    nets = networks(objective)
    outputs = nets["encoder"](X)
    assert outputs.shape == (6, 4 + 2 * 3)
    assert torch.equal(objective.code.style(objective.encode(nets, X, LABELS).mean), outputs[:, 4:7])


def test_it_has_no_networks_and_no_cost_of_its_own() -> None:
    code = ClassAndStyle()
    assert (
        code.own_players == () and code.networks() == {} and float(code.head_repulsion(Networks({}))) == 0
    )
