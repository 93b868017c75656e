"""Clustering: no label is ever looked at, and clusters fit into a batch."""

import pytest
import torch

from likeness import config
from likeness.codes import ClassAndStyle
from likeness.errors import UserError
from likeness.objectives.aae_cluster import AAECluster
from likeness.shapes import UNLABELLED
from support.blank_games import LABELS, moved, networks, objective_of, seen


def test_labels_change_no_number_and_nobody_moves_for_them() -> None:
    objective = objective_of("aae_cluster", classes=3)
    nets = networks(objective)
    labelled, unlabelled = (seen(objective, nets, ls) for ls in (LABELS, torch.full((6,), UNLABELLED)))
    assert labelled == unlabelled and "critic" in labelled
    assert "cross_entropy" not in labelled and "classifier" not in moved(objective)


def test_more_clusters_than_a_batch_has_images_are_refused() -> None:
    objective = objective_of("aae_cluster", classes=7)
    with pytest.raises(UserError, match="7 clusters are more than the 6 images of a batch; raise --batch"):
        objective.check(LABELS, 6)


def test_data_without_labels_will_do() -> None:
    objective = objective_of("aae_cluster", classes=7)
    assert objective.check(torch.full((6,), UNLABELLED), 7) is None
    with pytest.raises(UserError, match="the data have no labels"):
        objective_of("aae_semi").check(torch.full((6,), UNLABELLED), 7)


def test_there_are_sixteen_clusters_whatever_else_is_said_of_codes() -> None:
    for said in ({"latent": 5}, {"code": {"latent": 5}}, {"code.latent": 5}):
        made = config.check(AAECluster, said, "objective")
        assert made.code == ClassAndStyle(classes=16, latent=5)
