"""The classes that adversarial autoencoders are to say as often as the prior draws them."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import mutual_info_score

from likeness import config
from likeness.errors import UserError
from likeness.losses import mutual_information
from likeness.objectives.aae_cluster import AAECluster


@pytest.mark.parametrize(
    ("balance", "expected"), [(1.0, [0.25] * 4), (0.0, [0.5, 0.5, 0, 0]), (0.4, [0.4, 0.4, 0.1, 0.1])]
)
def test_classes_are_drawn_between_evenly_and_as_often_as_the_batch_has_them(
    balance: float, expected: list[float]
) -> None:
    torch.manual_seed(0)
    y = torch.tensor([[0.9, 0.1, 0, 0], [0.1, 0.9, 0, 0]]).repeat(20_000, 1)
    drawn = AAECluster(classes=4, class_balance=balance).prior_classes(y)
    assert drawn.shape == y.shape
    assert torch.equal(drawn.sort(1).values, torch.tensor([0.0, 0, 0, 1]).expand(40_000, 4)), "not one-hot"
    assert (drawn.mean(0) - torch.tensor(expected)).abs().max() < 0.01  # four standard errors


def test_classes_that_are_not_finite_are_left_to_the_check_of_losses() -> None:
    drawn = AAECluster(classes=4, class_balance=0.5).prior_classes(torch.full((8, 4), torch.nan))
    assert drawn.sum() == 8


def test_agreement_without_distortion_is_refused() -> None:
    with pytest.raises(UserError, match="agreement needs distorted inputs; add --input_turn 20"):
        config.check(AAECluster, {"agreement": 1.0}, "objective")
    for how in ("input_turn", "input_zoom", "input_shear", "input_shift", "input_noise"):
        config.check(AAECluster, {"agreement": 1.0, how: 0.1}, "objective")


def test_information_is_that_of_another_library() -> None:
    a, b = np.random.default_rng(0).integers(0, 4, (2, 200))
    b[:120] = a[:120]
    one_hot = torch.eye(5, dtype=torch.float64)  # class 4 is never said
    both_ways = mutual_info_score(np.r_[a, b], np.r_[b, a])
    assert mutual_information(one_hot[a], one_hot[b]).item() == pytest.approx(both_ways, abs=1e-12)


def test_information_is_most_where_classes_are_sure_even_and_follow_from_each_other() -> None:
    y = torch.eye(8, dtype=torch.float64)
    assert mutual_information(y, y).item() == pytest.approx(math.log(8))
    assert mutual_information(y, y.flip(0)).item() == pytest.approx(math.log(8)), "swapped in pairs"
    assert mutual_information(y, y.roll(1, 0)).item() == pytest.approx(math.log(8) - math.log(2))
    assert mutual_information(y, y[torch.zeros(8, dtype=torch.long)]).item() < math.log(8) / 2
    assert mutual_information(y * 0.4 + 0.075, y).item() < math.log(8) / 2
    none = torch.full((8, 8), 1 / 8, dtype=torch.float64)
    assert mutual_information(y, none).item() == pytest.approx(0, abs=1e-12)


def test_information_has_gradients_where_a_class_is_impossible() -> None:
    logits = torch.tensor([[0.0, -1e4, 1.0], [2.0, -1e4, 0.0]], requires_grad=True)
    mutual_information(torch.eye(3)[[0, 2]], logits.softmax(1)).backward()
    assert logits.grad is not None and logits.grad.isfinite().all() and logits.grad.abs().max() > 0.01


def test_information_is_as_precise_in_half_precision() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(2, 64, 6).softmax(2)
    with torch.autocast("cpu", torch.bfloat16):
        half = mutual_information(a, b)
    assert half.dtype == torch.float32 and torch.equal(half, mutual_information(a, b))
