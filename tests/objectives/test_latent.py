"""What adversarial autoencoders refuse, and what their discriminators of codes are given."""

import math

import pytest
import torch

from likeness.errors import UserError
from likeness.objectives._latent import cost_of_fooling, one_hot
from likeness.shapes import UNLABELLED
from support.blank_games import LABELS, networks, objective_of, seen

LABELLED = ["aae_labels", "aae_supervised", "aae_semi", "aae_reduce"]
REFUSED = [
    ([0, 1, 5], "there is a label 5, --classes is 3; make it 6"),
    ([0, 2, UNLABELLED], "class 1 has no labelled image; label one, or lower --classes"),
]


@pytest.mark.parametrize("method", LABELLED)
@pytest.mark.parametrize(("labels", "message"), REFUSED)
def test_labels_that_are_not_those_of_the_classes_are_refused(
    method: str, labels: list[int], message: str
) -> None:
    objective = objective_of(method, classes=3)
    with pytest.raises(UserError, match=message):
        objective.check(torch.tensor(labels), 64)
    assert objective.check(LABELS, 64) is None


@pytest.mark.parametrize("method", ["aae_labels", "aae_supervised", "aae_semi"])
def test_data_without_labels_are_refused(method: str) -> None:
    message = "the data have no labels, which this method learns from; name --label"
    with pytest.raises(UserError, match=message):
        objective_of(method, classes=3).check(torch.full((6,), UNLABELLED), 64)


def test_an_unknown_label_is_nought_where_the_others_are_one_hot() -> None:
    assert one_hot(torch.tensor([2, UNLABELLED, 0]), 3).tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]


@pytest.mark.parametrize("logit", [-40.0, 0.0, 3.0])
def test_fooling_costs_the_logarithm_of_how_real_codes_look(logit: float) -> None:
    expected = math.log1p(math.exp(-logit))
    assert float(cost_of_fooling(torch.full((4,), logit))) == pytest.approx(expected, rel=1e-6)


def test_the_penalty_is_half_the_squared_slope_and_counts_once() -> None:
    """Of a discriminator that is linear: w . z, whose slope is w everywhere."""
    nets = networks(objective_of("aae"))
    nets["critic"] = torch.nn.Sequential(torch.nn.Linear(3, 1, bias=False), torch.nn.Flatten(0))
    slope = 0.5 * nets["critic"][0].weight.square().sum().item()
    without, with_it = (seen(objective_of("aae", r1=r1), nets) for r1 in (0.0, 4.0))
    assert with_it["critic"] - without["critic"] == pytest.approx(4 * slope, rel=1e-4)
    assert with_it["fool"] == without["fool"]


@pytest.mark.parametrize(("noise", "blurs"), [("input_noise", True), ("code_noise", False)])
def test_noise_on_codes_is_seen_by_the_discriminator_alone(noise: str, blurs: bool) -> None:
    nets = networks(objective_of("aae"))
    clean, noisy = (seen(objective_of("aae", **{noise: n}), nets) for n in (0.0, 2.0))
    assert (abs(noisy["llike"] - clean["llike"]) > 1e-4) == blurs
    assert abs(noisy["fool"] - clean["fool"]) > 1e-4
