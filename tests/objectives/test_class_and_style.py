"""Whole codes of a class and a style: in which order, and what stays when the class is another."""

import pytest
import torch

from likeness.nets import Networks
from likeness.objectives import ClassAndStyle
from likeness.priors import Normal
from support.blank_games import LABELS, X, networks, objective_of


def played(method: str = "aae_semi") -> tuple[ClassAndStyle, Networks]:
    """A method of four classes."""
    objective = objective_of(method, classes=4, prior={"name": "normal", "std": 2.0})
    assert isinstance(objective, ClassAndStyle) and isinstance(objective.prior, Normal)
    return objective, networks(objective)


def test_a_whole_code_is_the_probabilities_of_the_classes_and_then_the_style() -> None:
    objective, nets = played()
    whole, outputs = objective.encode(nets, X, LABELS), nets["encoder"](X)
    assert objective.code_size == 4 + 3 and outputs.shape == (6, 7)
    assert torch.allclose(whole[:, :4], outputs[:, :4].softmax(1))
    assert torch.equal(whole[:, 4:], outputs[:, 4:])
    assert torch.equal(objective.styles(whole), outputs[:, 4:])
    assert torch.equal(objective.class_probabilities(nets, X), whole[:, :4])


def test_a_code_does_not_look_at_labels() -> None:
    objective, nets = played()
    assert torch.equal(objective.encode(nets, X, LABELS), objective.encode(nets, X, LABELS.flip(0)))


def test_a_style_in_another_class_stays_as_it_is() -> None:
    objective, nets = played()
    given = torch.tensor([3, 3, 0, 1, 2, 0])
    other = objective.restyled(nets, X, given)
    assert torch.equal(other[:, :4], torch.eye(4)[given])
    assert torch.equal(objective.styles(other), objective.styles(objective.encode(nets, X, LABELS)))


def test_samples_are_of_each_class_in_turn_with_styles_of_the_prior() -> None:
    objective, nets = played()
    whole = objective.codes(4000, nets)
    assert torch.equal(whole[:, :4], torch.eye(4)[torch.arange(4000) % 4])
    assert float(whole[:, 4:].std()) == pytest.approx(2, rel=0.05)
    assert objective.codes(9, nets, 0.0)[:, 4:].abs().max() == 0


def test_a_gaussian_posterior_says_two_numbers_for_each_dimension_of_the_style_alone() -> None:
    objective = objective_of("aae_semi", classes=4, posterior={"name": "gaussian"})
    nets = networks(objective)
    outputs = nets["encoder"](X)
    assert outputs.shape == (6, 4 + 2 * 3)
    assert torch.equal(objective.styles(objective.encode(nets, X, LABELS)), outputs[:, 4:7])
