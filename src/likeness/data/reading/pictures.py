"""The images of a source before they are gathered: what a source offers, and arrays as images."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from likeness.data.reading.decoding import Header, UnusableError
from likeness.data.reading.fitting import check_large_enough, resize, select_channels
from likeness.data.reading.layouts import channels_last
from likeness.data.settings import DataSettings, Layout
from likeness.errors import UserError

IMAGES_AT_A_TIME = 1024
"""Images handled at a time."""
STORED = ("uint8", "uint16", "float32")


@dataclass(frozen=True)
class Survey:
    """What is known of images before they are decoded: their common kind, and which cannot be used."""

    natural: Header
    faults: dict[int, str] = field(default_factory=dict)
    """Reason, by position in the rows surveyed."""


class Stack(NamedTuple):
    """Some successive images, fitted."""

    images: np.ndarray
    """(n, height, width, channels), the good ones."""
    positions: np.ndarray
    """Where each stands in the rows asked for."""
    faults: dict[int, str]


class Pictures(ABC):
    """Images that can be surveyed, and then read and fitted in stacks."""

    is_changing: ClassVar[bool] = False
    """Whether they differ from one reading to the next, so that every batch reads its own anew."""

    @abstractmethod
    def __len__(self) -> int:
        """Number of images."""

    @abstractmethod
    def survey(self, rows: np.ndarray, settings: DataSettings) -> Survey:
        """Kind and size of the images `rows`. Raises UserError where they have none in common."""

    @abstractmethod
    def stacks(self, rows: np.ndarray, survey: Survey, settings: DataSettings) -> Iterator[Stack]:
        """The images `rows`, in order, fitted."""


@dataclass(frozen=True)
class Arrays(Pictures):
    """Images in one array (n, height, width, channels), possibly memory-mapped."""

    images: np.ndarray

    def __len__(self) -> int:
        return len(self.images)

    def survey(self, rows: np.ndarray, settings: DataSettings) -> Survey:
        height, width, channels = self.images.shape[1:]
        natural = Header(height, width, channels, self.images.dtype.name)
        try:
            check_large_enough(natural.height, natural.width, settings)
        except UnusableError as error:
            raise UserError(f"every image of {error}") from None
        return Survey(natural)

    def stacks(self, rows: np.ndarray, survey: Survey, settings: DataSettings) -> Iterator[Stack]:
        for start in range(0, len(rows), IMAGES_AT_A_TIME):
            images = self.images[rows[start : start + IMAGES_AT_A_TIME]]
            if settings.sides:
                images = np.stack([resize(image, settings.sides) for image in images])
            positions = np.arange(start, start + len(images))
            yield Stack(select_channels(images, settings), positions, {})


def image_array(array: np.ndarray, name: str, layout: Layout | None = None) -> np.ndarray:
    """`array` as images (n, height, width, channels) of uint8, uint16 or float32.

    Where no `layout` says how its axes are, (n, height, width) is grey, and (n, channels, height, width)
    is recognised where axis 1 is short and the last is not. Truth values become 0 and 255; other integers
    the narrowest of the kinds that holds them; other floats float32. Raises UserError, with `name`, for
    anything else.
    """
    if layout:
        return to_storable(channels_last(array, name, layout, layout), name)
    if array.ndim == 3:
        array = array[..., None]
    if array.ndim == 4 and array.shape[3] > 16 >= array.shape[1]:
        array = array.transpose(0, 2, 3, 1)
    if array.ndim != 4 or array.shape[3] > 16 or 0 in array.shape:
        raise UserError(
            f"{name} has shape {array.shape}, which is not that of images; "
            "store (n, height, width) or (n, height, width, channels)"
        )
    return to_storable(array, name)


def to_storable(array: np.ndarray, name: str) -> np.ndarray:
    """`array` in one of the types that images are stored in. Raises UserError, with `name`, if no such type
    can hold it."""
    if array.dtype.name in STORED:
        return array
    if array.dtype.kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind in "iu" and array.min() >= 0 and array.max() <= 65535:
        return array.astype(np.uint8 if array.max() <= 255 else np.uint16)
    if array.dtype.kind in "iuf":
        return array.astype(np.float32)
    raise UserError(f"{name} holds {array.dtype}, which are no pixels; store uint8, uint16 or float32")
