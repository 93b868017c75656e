"""Semi-supervised adversarial autoencoders: a third phase where labels are known."""

import math

import pytest
import torch
from torch import Tensor

from likeness import config
from likeness.batch import Batch
from likeness.codes import ClassAndStyle
from likeness.errors import UserError
from likeness.noise import SeededNoise
from likeness.objectives.aae_cluster import AAECluster
from likeness.shapes import UNLABELLED
from support.blank_games import LLIKE, MSE, moved, networks, objective_of, seen

TWO = math.log(2)
VARIANTS = ["aae_semi", "aae_cluster", "aae_reduce"]


def test_two_discriminators_learn_and_the_encoder_moves_thrice() -> None:
    assert moved(objective_of("aae_semi")) == {
        "autoencoder": {"encoder", "decoder"},
        "critic": {"critic"},
        "class_critic": {"class_critic"},
        "encoder": {"encoder"},
        "classifier": {"encoder"},
    }


@pytest.mark.parametrize("classes", [3, 8])
def test_undecided_networks_report_their_closed_forms(classes: int) -> None:
    found = seen(objective_of("aae_semi", classes=classes))
    expected = {
        "llike": LLIKE,
        "pixels": MSE,
        "critic": 2 * TWO,
        "class_critic": 2 * TWO,
        "generator": 2 * TWO,
    }
    expected["cross_entropy"] = math.log(classes)
    assert {name: found[name] for name in found if "loss" not in name} == pytest.approx(expected, rel=1e-5)


def test_a_batch_without_labels_has_no_cross_entropy_and_one_with_a_single_label_has() -> None:
    none = torch.full((6,), UNLABELLED)
    found = seen(objective_of("aae_semi", classes=3), labels=none)
    assert math.isnan(found["cross_entropy"]) and "loss_classifier" not in found
    none[4] = 2
    one = seen(objective_of("aae_semi", classes=3), labels=none)
    assert one["cross_entropy"] == one["loss_classifier"] == pytest.approx(math.log(3))


@pytest.mark.parametrize(
    ("balance", "expected"), [(1.0, [0.25] * 4), (0.0, [0.5, 0.5, 0, 0]), (0.4, [0.4, 0.4, 0.1, 0.1])]
)
def test_classes_are_drawn_between_evenly_and_as_often_as_the_batch_has_them(
    balance: float, expected: list[float]
) -> None:
    y = torch.tensor([[0.9, 0.1, 0, 0], [0.1, 0.9, 0, 0]]).repeat(20_000, 1)
    drawn = classes_drawn(y, balance)
    assert drawn.shape == y.shape
    assert torch.equal(drawn.sort(1).values, torch.tensor([0.0, 0, 0, 1]).expand(40_000, 4)), "not one-hot"
    assert (drawn.mean(0) - torch.tensor(expected)).abs().max() < 0.01  # four standard errors


def test_classes_that_are_not_finite_are_left_to_the_check_of_losses() -> None:
    assert classes_drawn(torch.full((8, 4), torch.nan), 0.5).sum() == 8


def classes_drawn(y: Tensor, balance: float) -> Tensor:
    """Of the categorical prior, for images whose classes are `y`."""
    objective = AAECluster(code=ClassAndStyle(classes=y.shape[1]), class_balance=balance)
    batch = Batch(torch.zeros(len(y), 1, 1, 1), torch.zeros(len(y), dtype=torch.long), torch.arange(len(y)))
    return objective.prior_classes(batch, y, SeededNoise((5, "y_p")))


def test_agreement_without_distortion_is_refused() -> None:
    with pytest.raises(
        UserError, match=r"mutual_information needs distorted inputs; add --view\.rotation 20"
    ):
        config.check(AAECluster, {"mutual_information": 1.0}, "objective")
    for how in ("rotation", "zoom", "shear", "shift", "noise"):
        config.check(AAECluster, {"mutual_information": 1.0, f"view.{how}": 0.1}, "objective")


@pytest.mark.parametrize("method", VARIANTS)
def test_information_is_rewarded_as_much_as_it_weighs_and_reported_only_then(method: str) -> None:
    nets, shift = networks(objective_of(method, classes=4)), {"view.shift": 1.0}
    found = seen(objective_of(method, classes=4, mutual_information=3.0, **shift), nets)
    assert 0 < found["mutual_information"] < math.log(4)
    assert found["loss_encoder"] == pytest.approx(
        found["generator"] - 3 * found["mutual_information"], abs=1e-5
    )
    assert "mutual_information" not in seen(objective_of(method, classes=4, **shift), nets)


@pytest.mark.parametrize("method", VARIANTS)
def test_the_encoder_fools_both_discriminators(method: str) -> None:
    nets = networks(objective_of(method))
    with torch.no_grad():
        for critic, logit in (("critic", 2.0), ("class_critic", -1.0)):
            nets[critic][-2].weight.zero_()
            nets[critic][-2].bias.fill_(logit)
    found = seen(objective_of(method), nets)
    cost = {logit: math.log1p(math.exp(-logit)) for logit in (2.0, -2.0, 1.0, -1.0)}
    assert found["generator"] == pytest.approx(cost[2.0] + cost[-1.0], rel=1e-5)
    assert found["critic"] == pytest.approx(cost[2.0] + cost[-2.0], rel=1e-5)
    assert found["class_critic"] == pytest.approx(cost[-1.0] + cost[1.0], rel=1e-5)
