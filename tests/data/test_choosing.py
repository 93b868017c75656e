"""The images that a user means."""

from dataclasses import replace

import numpy as np
import pytest

from likeness.data.choosing import CHOICES, select_split, thin, together
from likeness.data.dataset import Dataset, Split
from likeness.data.fingerprints import of_names
from likeness.data.reading.scaling import scaling_of
from likeness.data.split_record import SplitRecord
from likeness.errors import UserError
from likeness.shapes import Shape
from support.loading import three
from support.made_images import noise


def split(name: str, count: int, first: int) -> Split:
    rows = np.arange(first, first + count)
    traits = (rows[:, None] % 2).astype(np.float32)
    return Split(name, noise(count, 2, 2, 1, seed=first), rows, [f"{row}.png" for row in rows], traits)


@pytest.fixture
def dataset() -> Dataset:
    """Images 0 to 5 to learn from, 6 and 7 for the test, none for validation."""
    train, validation, test = split("train", 6, 0), split("validation", 0, 6), split("test", 2, 6)
    names = [*train.names, *test.names]
    record = SplitRecord(names, of_names(names), np.repeat(["train", "test"], [6, 2]), "digest")
    return Dataset(train, validation, test, scaling_of(train.images), Shape(1, 2, 2), record)


def test_all_are_the_images_of_every_split_in_order_with_what_is_known_of_them(dataset: Dataset) -> None:
    found = select_split(dataset, "all", "shapes")
    assert found.names == [f"{row}.png" for row in range(8)]
    assert found.labels.tolist() == list(range(8))
    assert found.attributes is not None and found.attributes[:, 0].tolist() == [0, 1] * 4
    np.testing.assert_array_equal(found.images[6:], dataset.test.images)


def test_a_split_is_found_by_its_name(dataset: Dataset) -> None:
    for some in (dataset.train, dataset.test):
        assert select_split(dataset, some.name, "shapes") is some
    assert [split.name for split in three(dataset)] == [name for name in CHOICES if name != "all"]


def test_an_empty_split_is_refused_by_its_name_and_that_of_the_data(dataset: Dataset) -> None:
    with pytest.raises(UserError, match=r"^shapes has no validation images; choose another --split$"):
        select_split(dataset, "validation", "shapes")


def test_splits_without_attributes_have_none_together(dataset: Dataset) -> None:
    plain = [replace(some, attributes=None) for some in three(dataset)]
    assert together((plain[0], plain[2])).attributes is None


def test_a_few_images_are_spread_from_the_first_to_the_last(dataset: Dataset) -> None:
    assert thin(dataset.train, 2).names == ["0.png", "5.png"]
    assert thin(dataset.train, 3).names == ["0.png", "2.png", "5.png"]
    assert thin(dataset.train, 3).labels.tolist() == [0, 2, 5]


@pytest.mark.parametrize("most", [None, 6, 100])
def test_no_more_images_than_there_are_is_all_of_them(dataset: Dataset, most: int | None) -> None:
    assert thin(dataset.train, most) is dataset.train
