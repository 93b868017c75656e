"""Label information in the regularisation: what the discriminator sees beside a code."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from likeness.shapes import UNLABELLED
from support.blank_games import LABELS, X, moved, networks, objective_of, seen


def test_the_discriminator_sees_a_class_more_than_there_are() -> None:
    """That of the unlabelled."""
    nets = networks(objective_of("aae_labels", classes=4))
    assert nets["critic"](torch.zeros(2, 3 + 4 + 1)).shape == (2,)
    assert moved(objective_of("aae_labels")) == moved(objective_of("aae"))


def test_the_discriminator_is_told_the_label_beside_codes_and_beside_the_prior() -> None:
    """One that looks at the label alone has a closed form; the unlabelled have the last."""
    objective = objective_of("aae_labels", classes=3)
    nets = networks(objective)
    nets["critic"] = nn.Sequential(nn.Linear(3 + 3 + 1, 1, bias=False), nn.Flatten(0))
    logits = torch.tensor([0.5, 1.0, -2.0, 3.0])
    with torch.no_grad():
        nets["critic"][0].weight.copy_(torch.cat([torch.zeros(3), logits])[None])
    for labels in (LABELS, torch.tensor([2, UNLABELLED, 0, UNLABELLED, 1, 1])):
        l, found = logits[labels], seen(objective, nets, labels)
        assert found["generator"] == pytest.approx(float(F.softplus(-l).mean()), rel=1e-5)
        assert found["critic"] == pytest.approx(float((F.softplus(-l) + F.softplus(l)).mean()), rel=1e-5)


def test_an_undecided_discriminator_costs_log_two_twice() -> None:
    found = seen(objective_of("aae_labels", classes=3))
    assert (found["critic"], found["generator"]) == pytest.approx((2 * math.log(2), math.log(2)))


def test_a_code_does_not_depend_on_the_label() -> None:
    objective = objective_of("aae_labels", classes=3)
    nets = networks(objective)
    one, other = (objective.encode(nets, X, labels).mean for labels in (LABELS, LABELS.flip(0)))
    assert one.shape == (6, 3) and torch.equal(one, other)
