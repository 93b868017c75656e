"""Semi-supervised adversarial autoencoders: a third phase where labels are known."""

import math

import pytest
import torch

from likeness.shapes import UNLABELLED
from support.blank_games import LLIKE, MSE, moved, objective_of, seen

TWO = math.log(2)


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
    expected = {"llike": LLIKE, "pixels": MSE, "critic": 2 * TWO, "class_critic": 2 * TWO, "fool": 2 * TWO}
    expected["cross_entropy"] = math.log(classes)
    assert {name: found[name] for name in found if "loss" not in name} == pytest.approx(expected, rel=1e-5)


def test_a_batch_without_labels_has_no_cross_entropy_and_one_with_a_single_label_has() -> None:
    none = torch.full((6,), UNLABELLED)
    found = seen(objective_of("aae_semi", classes=3), labels=none)
    assert not {"cross_entropy", "loss_classifier"} & found.keys()
    none[4] = 2
    one = seen(objective_of("aae_semi", classes=3), labels=none)
    assert one["cross_entropy"] == one["loss_classifier"] == pytest.approx(math.log(3))
