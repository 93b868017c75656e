"""The splits of data, and their images found again."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.data.fingerprints import of_names
from likeness.data.split_record import SplitRecord

KINDS = ("train", "validation", "test", "unused")


def record(*items: str, splits: str | None = None, fingerprint: str = "one") -> SplitRecord:
    """Items as `name=content`; splits by their first letters."""
    names, contents = zip(*(item.split("=") for item in items)) if items else ((), ())
    letters = splits or "u" * len(items)
    words = [next(kind for kind in KINDS if kind[0] == letter) for letter in letters]
    return SplitRecord(names, of_names(contents), np.array(words), fingerprint)


def found(kept: SplitRecord, *items: str) -> list[str]:
    return kept.match(record(*items, fingerprint="two")).record.splits.tolist()


def test_an_image_is_known_by_name_and_content_then_by_content_then_by_name() -> None:
    kept = record("a=A", "b=B", "c=C", splits="tvu")
    assert found(kept, "a=A", "b=B", "c=C") == ["train", "validation", "unused"]
    assert found(kept, "b=A", "a=B") == ["train", "validation"], "content comes before the name"
    assert found(kept, "x=C", "b=X", "y=Y") == ["unused", "validation", "unused"]
    match = kept.match(record("x=C", "b=X", "y=Y", fingerprint="two"))
    assert match.new.tolist() == [False, False, True]
    assert match.is_changed.tolist() == [False, True, False]
    assert match.gone == ["a"]


def test_images_of_equal_content_are_found_one_for_one_and_training_comes_first() -> None:
    kept = SplitRecord(["a", "b"], of_names(["A", "A"]), np.array(["test", "train"]), "one")
    assert found(kept, "a=A", "b=A") == ["test", "train"]
    assert found(kept, "x=A") == ["train"]
    assert found(kept, "x=A", "y=A", "z=A") == ["train", "test", "unused"]


def test_a_copy_of_a_known_image_over_another_is_new_and_not_the_other_one_changed() -> None:
    kept = SplitRecord(["a", "b"], of_names(["A", "B"]), np.array(["train", "test"]), "one")
    match = kept.match(record("a=A", "b=A", fingerprint="two"))
    assert match.record.splits.tolist() == ["train", "unused"]
    assert (match.gone, match.new.tolist()) == (["b"], [False, True])


def test_changes_are_said_with_counts_and_the_first_names() -> None:
    kept = record("a=A", "b=B", "c=C", "d=D", "e=E")
    here = record("e=X", "n1=1", "n2=2", "n3=3", "n4=4", fingerprint="two")
    assert kept.match(here).changes(" and left out") == (
        "4 images of the run are gone (a, b, c, ...), "
        "4 images are new and left out (n1, n2, n3, ...), 1 image has changed (e)"
    )
    assert kept.match(kept).changes() == ""
    assert kept.match(record("a=A", "b=B", "d=D", "e=E", fingerprint="two")).changes() == (
        "1 image of the run is gone (c)"
    )


@pytest.mark.parametrize(
    ("here", "mostly"),
    [("a=A b=B c=C d=D", True), ("x=A y=B", True), ("a=A x=X", True), ("a=A x=X y=Y", False),
     ("a=1 b=2 c=3 d=4", False), ("a=A b=B 1=1 2=2 3=3 4=4 5=5", True)],
)  # fmt: skip
def test_data_are_mostly_the_same_where_half_of_either_is_by_content(here: str, mostly: bool) -> None:
    kept = record("a=A", "b=B", "c=C", "d=D")
    assert kept.match(record(*here.split(), fingerprint="two")).mostly == mostly


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | st.just("caf\udce9")


@given(st.lists(st.tuples(NAMES, st.integers(0, 3)), min_size=1))
def test_a_record_is_what_was_written_of_it(items: list[tuple[str, int]]) -> None:
    names = [name for name, _ in items]
    splits = np.array([KINDS[k] for _, k in items])
    kept = SplitRecord(names, of_names(names), splits, "f", splits == "train")
    again = SplitRecord.from_arrays(kept.arrays())
    assert (list(again.names), again.fingerprint, again.key) == (names, "f", kept.key)
    for one, other in zip(
        (again.digests, again.splits, again.labelled), (kept.digests, splits, kept.labelled)
    ):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "wrong",
    [{"splits": np.zeros(3, np.uint8)}, {"splits": np.array([0, 9], np.uint8)}, {"splits": np.zeros(2)},
     {"digests": np.zeros((2, 8), np.uint8)}, {"labelled": np.zeros(2)}, {"names": np.zeros(0, np.uint8)}],
)  # fmt: skip
def test_arrays_that_do_not_fit_are_no_record(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"do not fit|has a split 9"):
        SplitRecord.from_arrays(record("a=A", "b=B").arrays() | wrong)


def test_the_key_is_of_the_data_and_their_splits() -> None:
    one = record("a=A", "b=B", splits="uv")
    others = [record("a=A", "b=B", splits="vu"), record("a=A", "b=B", splits="uv", fingerprint="two")]
    assert one.key == record("a=A", "b=B", splits="uv").key
    assert one.key not in [other.key for other in others]


def test_what_was_trained_on_is_known_by_content() -> None:
    kept = SplitRecord(["a", "b"], of_names(["A", "B"]), np.array(["train", "test"]), "one")
    assert kept.knows(record("x=A", "b=B", "a=X"), "train").tolist() == [True, False, False]
