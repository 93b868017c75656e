"""Images made to be what a model takes: strictly, or bent with a note."""

import numpy as np
import pytest

from likeness.data.reading.conforming import conform
from likeness.data.reading.scaling import Scaling
from likeness.errors import UserError
from likeness.shapes import Shape
from support.made_images import noise

SHAPE = Shape(3, 8, 8)
RGB = Scaling("uint8", (0.0,) * 3, (255.0,) * 3)
WIDE = Scaling("uint16", (100.0,) * 3, (1100.0,) * 3)


@pytest.mark.parametrize("strict", [True, False])
def test_an_image_that_fits_is_left_as_it_is(strict: bool) -> None:
    image = noise(8, 8, 3)
    found = conform(image, SHAPE, RGB, strict=strict)
    assert found.image is image and found.notes == []


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (
            noise(9, 8, 3),
            r"^x is 3x9x8 \(channels x height x width\), but the model takes 3x8x8; convert it$",
        ),
        (noise(8, 8, 1), r"^x is 1x8x8 .* takes 3x8x8; convert it$"),
        (
            noise(8, 8, 3, dtype="uint16"),
            r"^x holds uint16, but the model was trained on uint8; convert it$",
        ),
    ],
)
def test_strictly_what_differs_is_refused_and_else_noted(image: np.ndarray, message: str) -> None:
    with pytest.raises(UserError, match=message):
        conform(image, SHAPE, RGB, strict=True, name="x")
    found = conform(image, SHAPE, RGB, strict=False)
    assert (found.image.shape, found.image.dtype) == ((8, 8, 3), np.uint8)
    assert len(found.notes) == 1


def test_eight_bits_are_stretched_to_the_range_of_the_training_data() -> None:
    image = np.array([0, 51, 255], np.uint8).reshape(1, 1, 3)
    found = conform(image, Shape(3, 1, 1), WIDE, strict=False)
    assert found.image.flatten().tolist() == [100, 300, 1100]


def test_values_beyond_the_training_range_are_cut_off_only_where_changes_are_allowed() -> None:
    image = np.array([0, 500, 9000], np.uint16).reshape(1, 1, 3)
    shape = Shape(3, 1, 1)
    assert conform(image, shape, WIDE, strict=False).image.flatten().tolist() == [100, 500, 1100]
    assert conform(image, shape, WIDE, strict=True).image.flatten().tolist() == [0, 500, 9000]


def test_channels_are_chosen_in_the_order_named() -> None:
    image = noise(8, 8, 5)
    found = conform(image, SHAPE, RGB, strict=False, channels=(4, 0, 2))
    assert np.array_equal(found.image, image[..., [4, 0, 2]])
    assert found.notes == ["channels 4, 0, 2 of 5"]


@pytest.mark.parametrize("channels", [(0, 1), (0, 1, 5), (-1, 0, 1)])
def test_channels_that_are_not_there_are_refused(channels: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match=r"^3 of channels 0 to 4 are needed; choose other channels$"):
        conform(noise(8, 8, 5), SHAPE, RGB, strict=False, channels=channels)


def test_colours_become_grey_by_the_weights_of_bt601() -> None:
    image = np.array([255, 0, 0], np.uint8).reshape(1, 1, 3)
    found = conform(image, Shape(1, 1, 1), Scaling("uint8", (0.0,), (255.0,)), strict=False)
    assert found.image.item() == round(0.299 * 255)
