"""Columns read as classes, groups or attributes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.data.columns import (
    Classes,
    Column,
    attributes,
    classes,
    few_labels,
    find_column,
    groups,
    label_column,
    of_words,
)
from likeness.errors import UserError
from likeness.shapes import UNLABELLED
from support.loading import Load
from support.made_images import noise


def column(*values: float, names: tuple[str, ...] | None = None) -> Column:
    return Column(np.array(values), names)


@pytest.mark.parametrize("option", ["label", "group"])
def test_an_unknown_column_is_answered_with_near_ones(tmp_path: Path, loaded: Load, option: str) -> None:
    np.savez(tmp_path / "x.npz", images=noise(20, 4, 4), kind=np.zeros(20))
    with pytest.raises(UserError, match="there is no column 'kid'; did you mean kind"):
        loaded(tmp_path / "x.npz", **{option: "kid"})


def test_without_columns_the_error_says_so() -> None:
    with pytest.raises(UserError, match="there is no column 'kid'; the data have no columns"):
        find_column({}, "kid")


@given(st.lists(st.sampled_from(["b", "a", "", "é", "10", "9"]), min_size=1))
def test_words_come_back_from_their_codes(words: list[str]) -> None:
    found = of_words(np.array(words))
    assert found.names is not None and found.names == tuple(sorted(set(words)))
    assert [found.names[code] for code in found.values] == words


@pytest.mark.parametrize(
    ("values", "binary"),
    [
        ((0, 1, 1), True),
        ((-1, 1), True),
        ((1, 1), True),
        ((0.0, 1.0), True),
        ((True, False), True),
        ((-1, 0, 1), False),
        ((-1, 0), False),
        ((-1,), False),
        ((0, 2), False),
        ((0, 1, np.nan), False),
    ],
)
def test_attributes_are_columns_of_no_and_yes(values: tuple[float, ...], binary: bool) -> None:
    assert column(*values).binary is binary


def test_names_and_words_are_no_attributes() -> None:
    assert not column(0, 1, names=("no", "yes")).binary
    assert not Column(np.array(["0", "1"])).binary


def test_attributes_are_zero_and_one_without_the_columns_of_labels_and_groups() -> None:
    columns = {
        "y": column(0, 1, 0),
        "hat": column(-1, 1, 1),
        "age": column(4, 5, 6),
        "tie": column(1, 0, 0),
    }
    table, names = attributes(columns, ("y", None))
    assert names == ("hat", "tie")
    assert table is not None and table.dtype == np.float32
    assert table.tolist() == [[0, 1], [1, 0], [1, 0]]
    assert attributes({"age": columns["age"]}, (None,)) == (None, ())


@pytest.mark.parametrize(
    ("names", "asked", "found"),
    [
        (["y", "target", "label"], None, "label"),
        (["y", "target"], None, "target"),
        (["y", "kind"], "kind", "kind"),
        (["age", "kind"], None, "kind"),
        (["age", "kind", "colour"], None, None),
        (["age"], None, None),
        ([], None, None),
    ],
)
def test_the_labels_are_those_asked_for_or_usual_or_the_only_names(
    names: list[str], asked: str | None, found: str | None
) -> None:
    words = {"kind", "colour"}
    columns = {name: column(0, names=("a",) if name in words else None) for name in names}
    assert label_column(columns, asked) == found


def test_classes_are_numbered_from_zero_in_order_and_keep_their_names() -> None:
    found = classes({"y": column(30, 7, UNLABELLED, 30, 12)}, "y", 5)
    assert found.labels.tolist() == [2, 0, UNLABELLED, 2, 1]
    assert found.names == ("7", "12", "30")


def test_minus_one_beside_one_is_a_class_and_not_a_missing_label() -> None:
    found = classes({"y": column(-1, 1, -1)}, "y", 3)
    assert found.labels.tolist() == [0, 1, 0]
    assert found.names == ("-1", "1")


def test_without_a_column_nothing_is_labelled() -> None:
    assert classes({}, None, 3).labels.tolist() == [UNLABELLED] * 3


def test_labels_that_are_fractions_or_have_no_name_are_refused() -> None:
    with pytest.raises(UserError, match="'y' holds fractions, not classes; name another with --label"):
        classes({"y": column(0, 0.5)}, "y", 2)
    with pytest.raises(UserError, match="'y' has the value 2, but names of 2 classes; name all classes"):
        classes({"y": column(0, 2, names=("a", "b"))}, "y", 2)


def test_images_of_some_classes_are_found_by_name() -> None:
    known = Classes(np.array([0, 1, 2, UNLABELLED, 2]), ("a", "b", "c"))
    assert known.among(["c", "a"]).tolist() == [True, False, True, False, True]
    with pytest.raises(UserError, match="no image has the label 'd'; there are a, b, c"):
        known.among(["a", "d"])
    with pytest.raises(UserError, match="no image has the label 'a'; the data have no labels"):
        Classes(np.array([UNLABELLED])).among(["a"])


@given(st.integers(3, 30), st.integers(0, 5))
def test_few_labels_are_as_many_of_each_class_and_the_right_ones(keep: int, seed: int) -> None:
    labels = np.arange(60) % 3
    kept = few_labels(labels, keep, ("a", "b", "c"), seed)
    counts = [int((kept == label).sum()) for label in range(3)]
    assert sum(counts) == keep
    assert max(counts) - min(counts) <= 1
    assert (kept == labels)[kept != UNLABELLED].all()


def test_which_labels_are_kept_depends_on_the_seed_alone() -> None:
    labels = np.arange(60) % 3
    first, again, other = (few_labels(labels, 9, ("a", "b", "c"), seed).tolist() for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("labels", "keep", "message"),
    [
        ([UNLABELLED] * 4, 2, "--labels 2, but the data have no labels; name their column with --label"),
        ([0, 1, 2], 2, "--labels 2 leaves a class of 3 without one; keep more"),
        ([0, 0, 0, 1], 4, "--labels 4 needs 2 labelled images of class b, there are 1; keep fewer"),
    ],
)
def test_labels_that_cannot_be_kept_are_refused(labels: list[int], keep: int, message: str) -> None:
    with pytest.raises(UserError) as error:
        few_labels(np.array(labels), keep, ("a", "b", "c"), 0)
    assert str(error.value) == message


def test_images_are_of_one_group_where_their_values_are_equal() -> None:
    found = groups({"who": column(9, 4, 9, 7)}, "who")
    assert found is not None
    assert (found[:, None] == found).tolist() == [[a == b for b in (9, 4, 9, 7)] for a in (9, 4, 9, 7)]
    assert groups({"who": column(9)}, None) is None
