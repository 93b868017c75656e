"""Arrays as images, and images that stand in one array."""

import numpy as np
import pytest

from likeness.data.reading.pictures import IMAGES_AT_A_TIME, Arrays, image_array
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from support.made_images import noise


def test_channels_first_are_recognised_where_no_other_reading_is_possible() -> None:
    array = noise(5, 3, 20, 30)
    assert np.array_equal(image_array(array, "x"), array.transpose(0, 2, 3, 1))


def test_truth_values_are_black_and_white() -> None:
    assert image_array(np.array([[[True, False]]]), "x").flatten().tolist() == [255, 0]


@pytest.mark.parametrize(
    ("values", "dtype"),
    [([0, 255], "uint8"), ([0, 256], "uint16"), ([0, 65536], "float32"), ([-1, 5], "float32")],
)
def test_integers_take_the_narrowest_type_that_holds_them(values: list[int], dtype: str) -> None:
    found = image_array(np.array([[values]], np.int64), "x")
    assert found.dtype == dtype and found.flatten().tolist() == values


@pytest.mark.parametrize("shape", [(5,), (5, 4), (2, 3, 4, 5, 6), (0, 4, 4), (3, 20, 20, 20)])
def test_what_has_no_shape_of_images_is_refused_with_it(shape: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match=r"^x has shape \(.*\), which is not that of images; "):
        image_array(np.zeros(shape, np.uint8), "x")


def test_rows_come_in_stacks_in_the_order_asked_for() -> None:
    images = np.arange(IMAGES_AT_A_TIME + 5, dtype=np.uint16).reshape(-1, 1, 1, 1)
    rows = np.arange(IMAGES_AT_A_TIME + 5)[::-1]
    source, settings = Arrays(images), DataSettings(data="any")
    stacks = list(source.stacks(rows, source.survey(rows, settings), settings))
    assert [len(stack.images) for stack in stacks] == [IMAGES_AT_A_TIME, 5]
    assert np.array_equal(np.concatenate([stack.images for stack in stacks]), images[rows])
    assert np.array_equal(
        np.concatenate([stack.positions for stack in stacks]), np.arange(IMAGES_AT_A_TIME + 5)
    )
