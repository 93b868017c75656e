"""The classes that adversarial autoencoders are to say as often as the prior draws them."""

import math

import pytest
import torch

from likeness import config
from likeness.errors import UserError
from likeness.objectives.aae_cluster import AAECluster
from support.blank_games import networks, objective_of, seen


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


@pytest.mark.parametrize("method", ["aae_semi", "aae_cluster", "aae_reduce"])
def test_information_is_rewarded_as_much_as_it_weighs_and_reported_only_then(method: str) -> None:
    nets = networks(objective_of(method, classes=4))
    found = seen(objective_of(method, classes=4, agreement=3.0, input_shift=1.0), nets)
    assert 0 < found["information"] < math.log(4)
    assert found["loss_encoder"] == pytest.approx(found["fool"] - 3 * found["information"], abs=1e-5)
    assert "information" not in seen(objective_of(method, classes=4, input_shift=1.0), nets)


@pytest.mark.parametrize("method", ["aae_semi", "aae_cluster", "aae_reduce"])
def test_the_encoder_fools_both_discriminators(method: str) -> None:
    nets = networks(objective_of(method))
    with torch.no_grad():
        for critic, logit in (("critic", 2.0), ("class_critic", -1.0)):
            nets[critic][-2].weight.zero_()
            nets[critic][-2].bias.fill_(logit)
    found = seen(objective_of(method), nets)
    cost = {logit: math.log1p(math.exp(-logit)) for logit in (2.0, -2.0, 1.0, -1.0)}
    assert found["fool"] == pytest.approx(cost[2.0] + cost[-1.0], rel=1e-5)
    assert found["critic"] == pytest.approx(cost[2.0] + cost[-2.0], rel=1e-5)
    assert found["class_critic"] == pytest.approx(cost[-1.0] + cost[1.0], rel=1e-5)
