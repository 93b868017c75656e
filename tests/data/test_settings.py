"""What the user says about the data."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likeness.data.settings import MAX_SIDE, DataSettings, InMemory, height_and_width


@pytest.mark.parametrize(
    "options",
    [
        {"size": "0"},
        {"size": "64x64x3"},
        {"size": "-1"},
        {"layout": "hwcn"},
        {"range": "1,0"},
        {"range": (0, 0)},
        {"range": "own"},
        {"size": "5000"},
        {"bad": "ignore"},
        {"validation": 1.0},
        {"limit": 0},
        {"channels": []},
        {"in_memory_gib": 0},
    ],
)
def test_settings_without_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(pydantic.ValidationError):
        DataSettings(data="digits", **options)


@settings(max_examples=20)
@given(st.integers(1, MAX_SIDE), st.integers(1, MAX_SIDE))
def test_a_size_is_height_by_width_and_one_number_is_both(height: int, width: int) -> None:
    assert DataSettings(data="any", size=f"{height}x{width}").sides == (height, width)
    assert DataSettings(data="any", size=f"{height}X{width}").sides == (height, width)
    assert DataSettings(data="any", size=str(height)).sides == (height, height)


@pytest.mark.parametrize("size", ["", "x", "64x", "8 x 8", "6.4", "²", "0x8", f"8x{MAX_SIDE + 1}"])
def test_a_word_that_is_no_size_is_named_with_a_remedy(size: str) -> None:
    with pytest.raises(ValueError, match=f"^{size!r} is not a size; "):
        height_and_width(size)


def test_a_size_that_is_not_given_is_none() -> None:
    assert DataSettings(data="any").sides is None


def test_lists_are_read_from_words_with_commas() -> None:
    typed: dict[str, Any] = {"channels": "2,0", "without": "1,7"}
    chosen = DataSettings(data="any", **typed)
    assert chosen.channels == (2, 0)
    assert chosen.without == ("1", "7")


def test_memory_is_counted_in_gibibytes() -> None:
    assert DataSettings(data="any", in_memory_gib=0.5).bytes_in_memory == 512 * 1024 * 1024


@pytest.mark.parametrize("size", ["48x64", (48, 64)])
def test_a_size_may_be_two_numbers_or_words(size: Any) -> None:
    assert DataSettings(data="any", size=size) == DataSettings(data="any", size="48x64")
    assert DataSettings(data="any", size=64).sides == (64, 64)
    with pytest.raises(pydantic.ValidationError, match="is not a size"):
        DataSettings(data="any", size=(1, 2, 3))  # pyright: ignore[reportArgumentType]


def test_a_range_is_two_numbers_or_the_word_data() -> None:
    ranges = [DataSettings(data="any", range=said).range for said in ("0,1", (0, 1), "data", None)]  # type: ignore[arg-type]
    assert ranges == [(0.0, 1.0), (0.0, 1.0), "data", None]


def test_a_place_is_text_and_anything_else_is_held_as_it_is() -> None:
    array = np.zeros((4, 8, 8))
    assert DataSettings(Path("photos")).data == "photos"
    held = DataSettings(array)
    assert isinstance(held.data, InMemory) and held.data.value is array and held.place == "(memory)"
    assert replace(held, limit=3).data is held.data
    assert held != DataSettings(array), "no two arrays are compared"
    assert DataSettings(held.data) == held


@pytest.mark.parametrize("data", [None, 3, 0.5, True])
def test_numbers_are_no_data(data: Any) -> None:
    with pytest.raises(pydantic.ValidationError, match="must be images, or say where they are"):
        DataSettings(data=data)
