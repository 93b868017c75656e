"""Style and content: the adversarial game of a style, with the label known to the decoder."""

import math

import pytest
import torch

from support.blank_games import LLIKE, MSE, moved, networks, objective_of, seen


def test_the_prior_is_about_the_style_alone() -> None:
    objective = objective_of("aae_supervised", classes=4)
    assert networks(objective)["critic"](torch.zeros(2, 3)).shape == (2,)
    assert moved(objective) == moved(objective_of("aae"))


def test_undecided_networks_report_their_closed_forms() -> None:
    two = math.log(2)
    found = seen(objective_of("aae_supervised", classes=3))
    expected = {"llike": LLIKE, "pixels": MSE, "critic": 2 * two, "generator": two}
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-5)
