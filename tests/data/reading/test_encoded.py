"""Encoded images: a common kind of a set, and what is bad about some."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from likeness.data.reading.encoded import Encoded, Fault, attempt
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from support.made_images import noise


@dataclass(frozen=True)
class InMemory(Encoded):
    """Image files that are held."""

    contents: list[bytes]

    def __len__(self) -> int:
        return len(self.contents)

    def name(self, row: int) -> str:
        return f"image {row}"

    def read(self, rows: np.ndarray) -> Iterator[bytes]:
        return (self.contents[int(row)] for row in rows)


def png(array: np.ndarray) -> bytes:
    """A picture file."""
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


SETTINGS = DataSettings(data="any")


def test_grey_and_colour_eight_and_sixteen_bits_are_brought_to_one_kind() -> None:
    source = InMemory([png(noise(4, 4)), png(noise(4, 4, 3)), png(noise(4, 4, dtype="uint16"))])
    rows = np.arange(3)
    survey = source.survey(rows, SETTINGS)
    assert survey.natural == (4, 4, 3, "uint16")
    images = np.concatenate([stack.images for stack in source.stacks(rows, survey, SETTINGS)])
    assert (images.shape, images.dtype) == ((3, 4, 4, 3), np.uint16)
    assert np.array_equal(images[1], noise(4, 4, 3).astype(np.uint16) * 257)


def test_a_bad_image_is_a_fault_at_its_position() -> None:
    source = InMemory([png(noise(4, 4)), b"no image", png(noise(4, 4, seed=1))])
    survey = source.survey(np.array([2, 1, 0]), SETTINGS)
    assert survey.faults == {1: "not an image"}
    stack = next(source.stacks(np.array([2, 1, 0]), survey, SETTINGS))
    assert stack.positions.tolist() == [0, 2]


def test_images_of_two_sizes_are_refused_naming_both() -> None:
    source = InMemory([png(noise(4, 4)), png(noise(5, 4))])
    with pytest.raises(
        UserError, match=r"^images differ: image 0 \(4x4 uint8\) and image 1 \(5x4 uint8\); "
    ):
        source.survey(np.arange(2), SETTINGS)


def test_what_a_decoder_raises_is_its_reason() -> None:
    def broken(data: object) -> int:
        raise OSError("broken data stream\nand more")

    assert attempt(broken, b"") == Fault("broken data stream")
