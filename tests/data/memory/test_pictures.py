"""Whatever a program has for one image."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from likeness.data.memory.pictures import is_picture, picture
from likeness.errors import UserError
from support.made_images import noise, png

RGB = noise(8, 6, 3)


@pytest.mark.parametrize(
    "value",
    [RGB, torch.tensor(RGB).permute(2, 0, 1), Image.fromarray(RGB), np.asfortranarray(RGB)],
)
def test_arrays_tensors_and_pil_images_are_the_same_array(value: Any) -> None:
    found = picture(value, "x", None)
    assert isinstance(found, np.ndarray) and np.array_equal(found, RGB) and is_picture(value)


def test_a_layout_turns_an_array() -> None:
    found = picture(RGB.transpose(2, 0, 1), "x", "nchw")
    assert isinstance(found, np.ndarray) and np.array_equal(found, RGB)


def test_encoded_images_are_left_to_be_decoded() -> None:
    data = png(RGB)
    assert picture(data, "x", None) == data
    assert picture({"bytes": data, "path": "a.png"}, "x", None) == data
    assert picture({"bytes": None, "path": "a.png"}, "x", None) == Path("a.png")
    assert picture("a.png", "x", None) == Path("a.png")
    assert picture(None, "x", None) == b""


def test_a_transparent_pil_image_lies_on_white() -> None:
    clear = Image.new("RGBA", (2, 2), (0, 0, 0, 0))
    assert np.unique(np.asarray(picture(clear, "x", None))).tolist() == [255]


def test_numbers_are_brought_to_types_that_are_stored() -> None:
    kinds = {bool: "uint8", np.uint8: "uint8", np.uint16: "uint16", np.int64: "float32", float: "float32"}
    found = {k: picture(np.ones((4, 4), k), "x", None) for k in kinds}
    assert {k: f.dtype.name for k, f in found.items() if isinstance(f, np.ndarray)} == kinds
    assert picture([[1, 2], [3, 4]], "x", None)[..., 0].tolist() == [[1, 2], [3, 4]]  # type: ignore[index]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (3, "data.0. is of type int, not an image"),
        (np.zeros((2, 2, 2, 2)), r"shape \(2, 2, 2, 2\)"),
        (np.zeros((3, 9, 9)), "layout="),
        (np.zeros((4, 4), complex), "complex128, which are no pixels"),
        (np.array([["a"]]), "no pixels"),
    ],
)
def test_what_is_no_image_is_refused_by_name(value: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        picture(value, "data[0]", None)


def test_numbers_words_and_lists_of_numbers_are_no_images() -> None:
    assert not any(map(is_picture, [3, "a.txt", [1, 2], None, np.zeros(3), np.zeros((1, 1, 1, 1)), []]))
