"""The classes that adversarial autoencoders are to say as often as the prior draws them."""

import pytest
import torch

from likeness import config
from likeness.errors import UserError
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
