"""One stored item as an array."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.data.reading.items import stored_image
from likeness.errors import UserError
from support.made_images import noise


def png(array: np.ndarray) -> bytes:
    """A picture file."""
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def npy(array: np.ndarray) -> bytes:
    """An array file."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@pytest.mark.parametrize(("name", "encode"), [("a.png", png), ("a.npy", npy)])
def test_a_file_and_its_bytes_are_the_same_image(
    name: str, encode: Callable[[np.ndarray], bytes], tmp_path: Path
) -> None:
    image = noise(5, 7, 3)
    (tmp_path / name).write_bytes(encode(image))
    of_file = stored_image(tmp_path / name, str(tmp_path / name))
    assert np.array_equal(of_file, image)
    assert np.array_equal(stored_image(encode(image), name), of_file)


def test_a_grey_image_has_one_channel() -> None:
    assert stored_image(png(noise(4, 6)), "a.png").shape == (4, 6, 1)
    assert stored_image(npy(noise(4, 6)), "a.npy").shape == (4, 6, 1)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.png", b"hello", r"^a\.png cannot be used \(not an image\); give a picture or an \.npy array$"),
        ("a.npy", npy(np.full((4, 4), np.inf, np.float32)), r"^a\.npy has NaN or infinite pixels; "),
        ("a.png", png(noise(9, 8)), r"^a\.png has 8x9 pixels; give at most 64$"),
        ("a.npy", npy(noise(9, 8)), r"^a\.npy has 8x9 pixels; give at most 64$"),
        ("a.npy", npy(np.array([{}], object)), "Python objects"),
    ],
)
def test_what_is_no_image_is_refused_by_name(name: str, content: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message):
        stored_image(content, name, max_pixels=64)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^there is no file .*none\.png; check its name$"):
        stored_image(tmp_path / "none.png", str(tmp_path / "none.png"))
