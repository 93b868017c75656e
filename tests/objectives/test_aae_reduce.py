"""Dimensionality reduction: codes around the heads of their classes, which keep apart."""

import pytest
import torch

from likeness.errors import UserError
from likeness.nets import Networks
from likeness.objectives import Objective
from likeness.shapes import UNLABELLED
from support.blank_games import LABELS, LLIKE, X, blank, moved, networks, objective_of, seen


def on_a_line(objective: Objective, *places: float) -> Networks:
    """Blank networks with heads at some places of the first dimension."""
    nets = blank(objective)
    with torch.no_grad():
        nets["heads"].weight[0] = torch.tensor(places)
    return nets


def test_heads_move_with_the_autoencoder() -> None:
    assert moved(objective_of("aae_reduce"))["autoencoder"] == {"encoder", "decoder", "heads"}


def test_heads_nearer_than_their_spacing_cost_what_they_lack_and_others_nothing() -> None:
    """At 0, 1 and 5: pairs lack 3 and 0 and 0 of a spacing of 4, and all but 2 of one of 3."""
    for spacing, lacking in ((4.0, 3.0), (3.0, 2.0), (5.5, 4.5 + 1.5 + 0.5), (0.5, 0.0)):
        objective = objective_of("aae_reduce", classes=3, spacing=spacing, push=2.0)
        found = seen(objective, on_a_line(objective, 0.0, 1.0, 5.0))
        assert found["loss_autoencoder"] == pytest.approx(LLIKE + 2 * lacking, rel=1e-5)
        assert found["llike"] == pytest.approx(LLIKE, rel=1e-5)


def test_a_code_is_the_mean_of_the_heads_as_sure_as_classes_are_and_the_style() -> None:
    objective = objective_of("aae_reduce", classes=3)
    nets = on_a_line(objective, 0.0, 1.0, 5.0)
    assert objective.code_size == 3
    assert torch.allclose(objective.encode(nets, X, LABELS), torch.tensor([2.0, 0, 0]).expand(6, 3))


def test_samples_lie_around_the_heads_of_each_class_in_turn() -> None:
    objective = objective_of("aae_reduce", classes=3)
    nets = on_a_line(objective, 0.0, 100.0, 500.0)
    assert [round(z / 100) for z in objective.codes(6, nets)[:, 0].tolist()] == [0, 1, 5, 0, 1, 5]


def test_without_labels_it_clusters_and_with_them_each_class_needs_one() -> None:
    objective = objective_of("aae_reduce", classes=3)
    assert objective.check(torch.full((6,), UNLABELLED), 6) is None
    with pytest.raises(UserError, match="class 1 has no labelled image; label one, or lower --classes"):
        objective.check(torch.tensor([0, 2, UNLABELLED]), 6)


def test_fresh_heads_are_of_the_size_of_a_code() -> None:
    assert networks(objective_of("aae_reduce", classes=5))["heads"].weight.shape == (3, 5)
