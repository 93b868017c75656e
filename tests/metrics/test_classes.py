"""How often classes are wrong, and how clusters are named."""

import pytest
import torch

from likeness.metrics import classes
from likeness.metrics.classes import ClassError
from likeness.shapes import UNLABELLED
from support.evaluation_data import X, evaluation_data, image_values


def test_a_classifier_is_wrong_as_often_as_it_is() -> None:
    labels = torch.arange(40) % 4
    said = torch.eye(4)[(labels + (torch.arange(40) < 10)) % 4]
    found = image_values(ClassError().measure(evaluation_data(labels=labels, class_probabilities=said)))
    assert float(found["classification_error_percent"].mean()) == 25.0


def test_clusters_that_cannot_be_named_have_no_error() -> None:
    labels, said = torch.arange(40) % 4, torch.eye(4)[torch.arange(40) % 4]
    for images in (torch.zeros(0, 4), said):  # no validation images, or none that is labelled
        unlabelled = torch.full((len(images),), UNLABELLED)
        held = {"validation_images": X[: len(images)], "validation_labels": unlabelled}
        seen = evaluation_data(
            labels=labels, class_probabilities=said, cluster_probabilities=images, **held
        )
        assert not dict(ClassError().measure(seen))
        assert "larger --validation" in next(ClassError().cautions(seen))


def test_a_cluster_takes_the_label_of_the_image_most_surely_in_it() -> None:
    probabilities = torch.tensor([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.01, 0.99]])
    named = classes.cluster_labels(probabilities, torch.tensor([7, 5, 5, UNLABELLED]))
    assert named.tolist() == [7, 5]


def test_images_without_a_label_do_not_count_as_errors() -> None:
    labels = torch.arange(40) % 4
    labels[5:] = UNLABELLED
    found = image_values(
        ClassError().measure(evaluation_data(labels=labels, class_probabilities=torch.eye(4)[[0] * 40]))
    )
    assert found["classification_error_percent"].tolist() == [0, 100, 100, 100, 0]


@pytest.mark.parametrize("names", [[0, 1, 2, 3], [2, 0, 3, 1]])
def test_clusters_in_any_order_are_right_once_they_are_named(names: list[int]) -> None:
    labels = torch.arange(40) % 4
    clusters = torch.eye(4)[torch.tensor(names)][labels]
    seen = evaluation_data(
        labels=labels,
        class_probabilities=clusters,
        cluster_probabilities=clusters,
        validation_labels=labels,
    )
    found = image_values(ClassError().measure(seen))
    assert found.keys() == {"clustering_error_percent"} and found["clustering_error_percent"].sum() == 0
    assert list(ClassError().cautions(seen)) == []


def test_methods_without_classes_and_data_without_labels_have_no_error() -> None:
    assert list(ClassError().measure(evaluation_data(labels=torch.arange(40) % 4))) == []
    assert list(ClassError().measure(evaluation_data(class_probabilities=torch.eye(4)[[0] * 40]))) == []
