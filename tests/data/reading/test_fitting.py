"""Arrays of images brought to the channels, the depth and the size that were asked for."""

import numpy as np
import pytest
from PIL import Image

from likeness.data.reading.decoding import Header, UnusableError
from likeness.data.reading.fitting import (
    check_large_enough,
    cut_sides,
    grey,
    header_after_fitting,
    prepare,
    resize,
    to_dtype,
    widen,
)
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from support.made_images import noise

PLAIN = DataSettings(data="any")


@pytest.mark.parametrize(
    ("size", "sides", "cut"),
    [((60, 40), (8, 8), (40, 40)), ((40, 60), (16, 8), (40, 20)), ((7, 7), (3, 3), (7, 7))],
)
def test_the_largest_part_of_an_aspect_is_cut(
    size: tuple[int, int], sides: tuple[int, int], cut: tuple[int, int]
) -> None:
    assert cut_sides(*size, sides) == cut


def test_a_resized_image_is_what_pillow_makes_of_its_middle() -> None:
    image = noise(20, 30, 3)
    expected = Image.fromarray(image[:, 5:25]).resize((8, 8), Image.Resampling.LANCZOS)
    assert np.array_equal(resize(image, (8, 8)), np.asarray(expected))


def test_floats_become_integers_rounded_and_clipped() -> None:
    values = np.array([-3.0, 0.5, 1.5, 254.6, 300.0])
    assert to_dtype(values, np.dtype("uint8")).tolist() == [0, 0, 2, 255, 255]


def test_the_brightness_of_colour_is_within_one_step_of_pillows() -> None:
    colour = noise(9, 7, 3)
    expected = np.asarray(Image.fromarray(colour).convert("L")).astype(int)
    assert np.abs(grey(colour)[..., 0].astype(int) - expected).max() <= 1


def test_equal_channels_of_sixteen_bits_become_that_channel() -> None:
    plane = noise(5, 6, 1, dtype="uint16")
    assert np.array_equal(grey(plane.repeat(3, axis=2)), plane)


def test_eight_bits_widen_to_sixteen_from_end_to_end() -> None:
    image = np.array([0, 1, 255], np.uint8).reshape(1, 3, 1)
    assert widen(image, Header(1, 3, 1, "uint16")).flatten().tolist() == [0, 257, 65535]


def test_what_is_prepared_has_the_header_that_was_foretold() -> None:
    natural = Header(20, 30, 3, "uint16")
    settings = DataSettings(data="any", size="8x4", channels=(2, 0))  # pyright: ignore[reportArgumentType]
    made = prepare(noise(20, 30, 1), natural, settings)
    assert (
        (*made.shape, made.dtype.name)
        == tuple(header_after_fitting(natural, settings))
        == (8, 4, 2, "uint16")
    )


def test_a_channel_that_images_do_not_have_is_refused() -> None:
    settings = DataSettings(data="any", channels=(3,))
    with pytest.raises(UserError, match=r"^there is no channel 3; the images have channels 0 to 2$"):
        header_after_fitting(Header(8, 8, 3, "uint8"), settings)


def test_a_small_image_is_no_use_unless_it_may_be_enlarged() -> None:
    check_large_enough(8, 8, DataSettings(data="any", size="8"))
    check_large_enough(4, 4, DataSettings(data="any", size="8", upscale=True))
    check_large_enough(1, 1, PLAIN)
    with pytest.raises(UnusableError, match="7x9 is smaller than 8x8; --upscale enlarges"):
        check_large_enough(7, 9, DataSettings(data="any", size="8"))
