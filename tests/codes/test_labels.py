"""Classes as one-hot rows, and which labels cannot be learned from."""

import pytest
import torch

from likeness.codes import check_labels, one_hot
from likeness.errors import UserError
from likeness.shapes import UNLABELLED
from support.blank_games import LABELS, objective_of

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


NONE = "the data have no labels, which this method learns from; name --label"


@pytest.mark.parametrize("method", ["aae_labels", "aae_supervised", "aae_semi"])
def test_data_without_labels_are_refused(method: str) -> None:
    with pytest.raises(UserError, match=NONE):
        objective_of(method, classes=3).check(torch.full((6,), UNLABELLED), 64)


def test_labels_of_some_images_will_do_where_each_class_has_one() -> None:
    assert check_labels(torch.tensor([UNLABELLED, 1, 0, UNLABELLED]), 2) is None
    with pytest.raises(UserError, match=NONE):
        check_labels(torch.full((6,), UNLABELLED), 2)


def test_an_unknown_label_is_nought_where_the_others_are_one_hot() -> None:
    assert one_hot(torch.tensor([2, UNLABELLED, 0]), 3).tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]


def test_one_hot_rows_are_as_precise_as_all_is(double: None) -> None:
    assert one_hot(torch.tensor([1]), 2).dtype == torch.float64
