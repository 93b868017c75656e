"""The images of the chosen rows in one array, the bad ones left out or refused."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.data.reading.gathering import MAX_LISTED_IMAGES, gather
from likeness.data.reading.pictures import Arrays
from likeness.data.settings import DataSettings
from likeness.data.sources.folder import Folder
from likeness.data.table import Table
from likeness.errors import UserError
from support.made_images import noise


def table(images: np.ndarray) -> Table:
    """Images that stand in an array."""
    return Table(Arrays(images), [f"image {k}" for k in range(len(images))], "digest")


@pytest.fixture
def spoilt() -> np.ndarray:
    """Ten float images, of which the third and the last have a pixel that is no number."""
    images = noise(10, 4, 4, 1).astype(np.float32)
    images[[2, 9], 1, 1] = np.nan
    return images


def test_rows_come_in_the_order_asked_for() -> None:
    images = noise(10, 4, 4, 1)
    rows = np.array([7, 0, 3])
    found = gather(table(images), rows, DataSettings(data="any"))
    assert np.array_equal(found.images, images[rows])
    assert found.positions.tolist() == [0, 1, 2]


def test_bad_images_are_refused_by_name(spoilt: np.ndarray) -> None:
    with pytest.raises(UserError, match=r"^2 of 10 images cannot be used: image 2 \(NaN or .*\), image 9 "):
        gather(table(spoilt), np.arange(10), DataSettings(data="any"))


def test_bad_images_are_skipped_on_request_and_told(spoilt: np.ndarray) -> None:
    found = gather(table(spoilt), np.arange(10), DataSettings(data="any", bad="skip"))
    assert found.positions.tolist() == [0, 1, 3, 4, 5, 6, 7, 8]
    assert np.array_equal(found.images, spoilt[found.positions])
    assert len(found.skipped) == 2 < MAX_LISTED_IMAGES


def test_what_is_too_much_for_memory_is_the_same_from_a_file(tmp_path: Path) -> None:
    for k in range(6):
        Image.fromarray(noise(8, 8, 3, seed=k)).save(tmp_path / f"{k}.png")
    source, rows = Folder(), np.arange(6)
    held, mapped = (
        gather(source.read(str(tmp_path), settings), rows, settings)
        for settings in (DataSettings(data="any"), DataSettings(data="any", in_memory_gib=1e-9))
    )
    assert isinstance(mapped.images, np.memmap) and not isinstance(held.images, np.memmap)
    assert np.array_equal(held.images, mapped.images)
