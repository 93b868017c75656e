"""Values beside images in memory, as columns."""

from typing import Any

import numpy as np
import pytest
import torch

from likeness.data.columns import classes
from likeness.data.memory.columns import column, labels
from likeness.errors import UserError


@pytest.mark.parametrize(
    ("given", "names", "expected"),
    [
        ([3, 5, 3, -1], ("3", "5"), [0, 1, 0, -1]),
        (np.array([3, 5, 3, -1], np.int8), ("3", "5"), [0, 1, 0, -1]),
        (torch.tensor([3, 5, 3, -1]), ("3", "5"), [0, 1, 0, -1]),
        ([3.0, 5.0, np.nan, 3.0], ("3", "5"), [0, 1, -1, 0]),
        ([3, None, 5, 5], ("3", "5"), [0, -1, 1, 1]),
        (["cat", "ant", None, "cat"], ("ant", "cat"), [1, 0, -1, 1]),
        (np.array(["cat", "ant", "ant", "cat"]), ("ant", "cat"), [1, 0, 0, 1]),
        ([True, False, True, True], ("0", "1"), [1, 0, 1, 1]),
        (np.array([[3], [5], [5], [5]]), ("3", "5"), [0, 1, 1, 1]),
        ([torch.tensor(3), np.int64(5), 5, 3], ("3", "5"), [0, 1, 1, 0]),
    ],
)
def test_labels_of_every_kind_are_classes_and_some_are_missing(
    given: Any, names: tuple[str, ...], expected: list[int]
) -> None:
    found = classes({"label": labels(given)}, "label", 4)
    assert (found.names, found.labels.tolist()) == (names, expected)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (np.zeros((4, 8, 8)), r"shape \(4, 8, 8\)"),
        (torch.zeros(4, 40), r"shape \(4, 40\)"),
        (np.array([1j, 2]), "hold complex128"),
        ([{}, {}], "hold dict"),
    ],
)
def test_what_is_not_one_label_each_is_refused(given: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        labels(given)


def test_fractions_are_no_labels() -> None:
    with pytest.raises(UserError, match="fractions"):
        classes({"label": labels([0.5, 1.0])}, "label", 2)


def test_names_of_codes_are_kept_and_real_numbers_stay_real() -> None:
    found = column([1, 0, None], ["cat", "dog"])
    assert found is not None and found.names == ("cat", "dog")
    assert found.is_missing.tolist() == [False, False, True]
    ages = column([3.5, None, 4.0])
    assert ages is not None and ages.values[0] == 3.5 and ages.is_missing.tolist() == [False, True, False]


@pytest.mark.parametrize("values", [[None, None], [[1], [2]], ["a", 1], [np.zeros(3)] * 2])
def test_what_is_neither_numbers_nor_words_is_no_column(values: list[Any]) -> None:
    assert column(values) is None
