"""A whole code is the style, then the one-hot label."""

import pytest
import torch

from likeness.codes import StyleAndLabel
from likeness.errors import UserError
from likeness.nets import Networks
from likeness.posteriors import Deterministic
from likeness.shapes import UNLABELLED
from support.blank_games import LABELS, X, code_size, networks, objective_of, sampled


def test_a_whole_code_is_what_the_encoder_says_and_then_the_label() -> None:
    objective = objective_of("aae_supervised", classes=4)
    nets = networks(objective)
    whole = objective.encode(nets, X, LABELS).mean
    assert code_size(objective) == 7 and whole.shape == (6, 7)
    assert torch.equal(whole[:, 3:], torch.eye(4)[LABELS])
    assert torch.equal(objective.code.style(whole), nets["encoder"](X))
    assert nets["decoder"](whole).shape == X.shape


def test_samples_are_of_each_class_in_turn() -> None:
    objective = objective_of("aae_supervised", classes=4)
    whole = sampled(objective, networks(objective), 6)
    assert whole[:, 3:].argmax(1).tolist() == [0, 1, 2, 3, 0, 1] and (whole[:, 3:].sum(1) == 1).all()


def test_a_label_that_is_not_known_stands_beside_a_style_as_noughts() -> None:
    code, z = StyleAndLabel(classes=3, latent=2), torch.randn(2, 2, dtype=torch.float64)
    whole = code.join_labels(Networks({}), torch.tensor([UNLABELLED, 2]), z)
    assert whole.dtype == torch.float64 and torch.equal(code.style(whole), z)
    assert whole[:, 2:].tolist() == [[0, 0, 0], [0, 0, 1]]


def test_a_style_in_another_class_stays_as_it_is() -> None:
    objective = objective_of("aae_supervised", classes=4)
    nets, given = networks(objective), LABELS + 1
    other = objective.code.transfer_style(nets, Deterministic(), X, given)
    assert torch.equal(other, objective.encode(nets, X, given).mean)
    assert torch.equal(objective.code.style(other), nets["encoder"](X))


WRONG = [
    (UNLABELLED, "this method needs the label of each image; give data that have labels"),
    (4, "there is a label 4 of 4 classes; choose one of them"),
]


@pytest.mark.parametrize(("label", "message"), WRONG)
def test_an_image_is_not_encoded_without_a_label_that_there_is(label: int, message: str) -> None:
    objective = objective_of("aae_supervised", classes=4)
    labels = LABELS.clone()
    labels[2] = label
    with pytest.raises(UserError, match=message):
        objective.encode(networks(objective), X, labels)


def test_data_of_which_some_have_no_label_are_refused_before_anything_is_trained() -> None:
    with pytest.raises(UserError, match="2 training images have no label"):
        StyleAndLabel(classes=2).check(torch.tensor([0, 1, UNLABELLED, 0, UNLABELLED]), 4)
