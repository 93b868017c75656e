"""The image of an item, and what stands beside it."""

from typing import Any

import numpy as np
import pytest

from likeness.data.memory.entries import split_item
from likeness.errors import UserError

IMAGE = np.zeros((4, 4))


@pytest.mark.parametrize(
    ("item", "beside"),
    [
        (IMAGE, {}),
        ((IMAGE,), {}),
        ((IMAGE, 3), {"label": 3}),
        ([IMAGE, 3], {"label": 3}),
        ((IMAGE, 3, "more"), {"label": 3}),
        ({"picture": IMAGE, "age": 3}, {"age": 3}),
        ({"mask": IMAGE + 1, "image": IMAGE, "age": 3}, {"mask": IMAGE + 1, "age": 3}),
        ({"image": "a.png", "name": "x"}, {"name": "x"}),
    ],
)
def test_the_image_is_parted_from_what_stands_beside_it(item: Any, beside: dict[str, Any]) -> None:
    image, rest = split_item(item, None)
    assert image is IMAGE or image == "a.png"
    assert {n: np.asarray(v).tolist() for n, v in rest.items()} == {
        n: np.asarray(v).tolist() for n, v in beside.items()
    }


def test_the_column_that_is_asked_for_is_the_image() -> None:
    image, rest = split_item({"image": IMAGE, "mask": IMAGE + 1}, "mask")
    assert image.max() == 1 and list(rest) == ["image"]


def test_an_encoded_image_with_its_path_is_one_image() -> None:
    item = {"bytes": b"x", "path": None}
    assert split_item(item, None) == (item, {})


@pytest.mark.parametrize(
    ("item", "asked", "words"),
    [
        ({"a": IMAGE, "b": IMAGE}, None, r"several columns hold images \(a, b\); name one with image="),
        ({"a": 1, "b": "x"}, None, r"no column holds images \(a, b\)"),
        ({"image": IMAGE}, "imge", "did you mean image"),
    ],
)
def test_a_doubt_about_the_column_is_an_error_with_the_columns(
    item: dict[str, Any], asked: str | None, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        split_item(item, asked)
