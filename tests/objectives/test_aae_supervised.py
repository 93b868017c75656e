"""Style and content: a whole code is the style, then the one-hot label."""

import math

import pytest
import torch

from likeness.errors import UserError
from likeness.shapes import UNLABELLED
from support.blank_games import LABELS, LLIKE, MSE, X, moved, networks, objective_of, seen


def test_a_whole_code_is_what_the_encoder_says_and_then_the_label() -> None:
    objective = objective_of("aae_supervised", classes=4)
    nets = networks(objective)
    whole = objective.encode(nets, X, LABELS)
    assert objective.code_size == 7 and whole.shape == (6, 7)
    assert torch.equal(whole[:, 3:], torch.eye(4)[LABELS])
    assert torch.equal(objective.styles(whole), nets["encoder"](X))
    assert objective.decode(nets, whole).shape == X.shape


def test_samples_are_of_each_class_in_turn() -> None:
    objective = objective_of("aae_supervised", classes=4)
    whole = objective.codes(6, networks(objective))
    assert whole[:, 3:].argmax(1).tolist() == [0, 1, 2, 3, 0, 1] and (whole[:, 3:].sum(1) == 1).all()


def test_the_prior_is_about_the_style_alone() -> None:
    objective = objective_of("aae_supervised", classes=4)
    assert networks(objective)["critic"](torch.zeros(2, 3)).shape == (2,)
    assert moved(objective) == moved(objective_of("aae"))


def test_undecided_networks_report_their_closed_forms() -> None:
    two = math.log(2)
    found = seen(objective_of("aae_supervised", classes=3))
    expected = {"llike": LLIKE, "pixels": MSE, "critic": 2 * two, "fool": two}
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-5)


WRONG = [
    (UNLABELLED, "aae_supervised needs the label of each image; give data that have labels"),
    (4, "there is a label 4 of 4 classes; choose one of them"),
]


@pytest.mark.parametrize(("label", "message"), WRONG)
def test_an_image_is_not_encoded_without_a_label_that_there_is(label: int, message: str) -> None:
    objective = objective_of("aae_supervised", classes=4)
    labels = LABELS.clone()
    labels[2] = label
    with pytest.raises(UserError, match=message):
        objective.encode(networks(objective), X, labels)
