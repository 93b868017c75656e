"""Images that are read anew at each access."""

import numpy as np
import pytest

from likeness.data.memory.items import ChangingItems, Reader
from likeness.data.reading.changing import ChangingImages, some_of
from likeness.data.reading.decoding import Header
from likeness.data.settings import DataSettings
from likeness.errors import UserError


class Counter:
    """Images 2x3, of which each reading gives brighter ones."""

    def __init__(self) -> None:
        self.read = 0

    def __len__(self) -> int:
        return 10

    def __getitem__(self, row: int) -> np.ndarray | bytes:
        if row == 9:
            return b"no image"
        self.read += 1
        return np.full((2, 3, 1), 10 * row + self.read, np.uint8)


def images(counter: Counter) -> ChangingImages:
    """All of them."""
    settings = DataSettings(data=counter)
    pictures = ChangingItems(Reader(counter, settings))
    return ChangingImages(pictures, np.arange(10), Header(2, 3, 1, "uint8"), settings)


def test_they_are_an_array_that_is_read_only_where_it_is_asked() -> None:
    counter = Counter()
    some = images(counter).only(np.array([4, 2, 7]))
    assert (len(some), some.shape, some.dtype.name, counter.read) == (3, (3, 2, 3, 1), "uint8", 0)
    assert some[np.array([2, 0])][:, 0, 0, 0].tolist() == [71, 42]
    assert counter.read == 2
    assert some[1:][:, 0, 0, 0].tolist() == [23, 74]
    assert some[0].tolist() == np.full((2, 3, 1), 45).tolist()
    assert np.asarray(some)[:, 0, 0, 0].tolist() == [46, 27, 78]
    assert some[np.arange(0)].shape == (0, 2, 3, 1)


def test_a_part_of_them_changes_too() -> None:
    part = some_of(images(Counter()), slice(2, 4))
    assert isinstance(part, ChangingImages) and len(part) == 2
    assert isinstance(some_of(np.zeros((4, 2, 2, 1)), slice(2)), np.ndarray)


def test_one_that_cannot_be_used_any_more_is_named() -> None:
    with pytest.raises(UserError, match="image 9 of the data cannot be used"):
        _ = images(Counter())[8:]
