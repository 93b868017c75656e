"""Encoded images (PNG, JPEG, ...) and arrays of several kinds: surveyed first, decoded once, in threads."""

import warnings
from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from PIL import Image

from likeness.data.reading.decoding import Header, Item, UnusableError, header, pixels, reason
from likeness.data.reading.fitting import check_large_enough, prepare
from likeness.data.reading.pictures import IMAGES_AT_A_TIME, Pictures, Stack, Survey
from likeness.data.reading.threads import chunks, in_threads
from likeness.data.settings import DataSettings
from likeness.errors import UserError

Result = TypeVar("Result")


@dataclass(frozen=True)
class Fault:
    """Takes the place of an image that cannot be used."""

    reason: str


class Encoded(Pictures):
    """Images that are files, bytes of files, or arrays of several kinds.

    In a set that mixes kinds, grey images become RGB and 8-bit images 16-bit; float images mix with
    no others. Images of several sizes need a size to be fitted to.
    """

    @abstractmethod
    def read(self, rows: np.ndarray) -> Iterator[Item]:
        """The images `rows`, in order."""

    @abstractmethod
    def name(self, row: int) -> str:
        """Name of the image of a row, for messages."""

    def survey(self, rows: np.ndarray, settings: DataSettings) -> Survey:
        with warnings.catch_warnings():  # a bomb is a fault here, not a line on stderr
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            found = list(in_threads(partial(attempt, partial(_usable, settings)), self.read(rows)))
        faults = {i: f.reason for i, f in enumerate(found) if isinstance(f, Fault)}
        headers = {int(rows[i]): h for i, h in enumerate(found) if isinstance(h, Header)}
        if not headers:
            worst = "; ".join(sorted(set(faults.values()))[:2])
            raise UserError(f"none of the {len(rows)} images can be used: {worst}; check the files")
        return Survey(self._common(headers, settings), faults)

    def stacks(self, rows: np.ndarray, survey: Survey, settings: DataSettings) -> Iterator[Stack]:
        good = np.array([i for i in range(len(rows)) if i not in survey.faults], dtype=int)
        work = partial(attempt, partial(_image, settings, survey.natural))
        decoded = zip(good.tolist(), in_threads(work, self.read(rows[good])), strict=True)
        for some in chunks(decoded, IMAGES_AT_A_TIME):
            faults = {i: image.reason for i, image in some if isinstance(image, Fault)}
            kept = [(i, image) for i, image in some if not isinstance(image, Fault)]
            none = np.empty((0, 1, 1, 1), survey.natural.dtype)
            images = np.stack([image for _, image in kept]) if kept else none
            yield Stack(images, np.array([i for i, _ in kept], dtype=int), faults)

    def _common(self, headers: dict[int, Header], settings: DataSettings) -> Header:
        """The kind that all images can be converted to."""
        kinds = {h: row for row, h in reversed(headers.items())}
        first = next(iter(headers.values()))
        for other in kinds:
            if not settings.size and other[:2] != first[:2]:
                raise self._mixture_error(kinds, first, other, "pass --size to bring them to one size")
            if (other.dtype == "float32") != (first.dtype == "float32"):
                raise self._mixture_error(kinds, first, other, "convert them to one kind")
        return Header(*first[:2], max(h.channels for h in kinds), max((h.dtype for h in kinds), key=_depth))

    def _mixture_error(
        self, kinds: dict[Header, int], one: Header, other: Header, remedy: str
    ) -> UserError:
        first, second = (f"{self.name(kinds[h])} ({_describe(h)})" for h in (one, other))
        return UserError(f"images differ: {first} and {second}; {remedy}")


def attempt(work: Callable[..., Result], data: Item) -> Result | Fault:
    """The result of `work(data)`, or a `Fault`: decoders may raise any error on hostile files."""
    try:
        return work(data)
    except Exception as error:
        return Fault(reason(error))


def _describe(kind: Header) -> str:
    return f"{kind.height}x{kind.width} {kind.dtype}"


def _depth(dtype: str) -> int:
    return np.dtype(dtype).itemsize


def _usable(settings: DataSettings, data: Item) -> Header:
    found = header(data)
    check_large_enough(found.height, found.width, settings)
    return found


def _image(settings: DataSettings, natural: Header, data: Item) -> np.ndarray:
    image = pixels(data, settings.sides)
    if not settings.sides and image.shape[:2] != natural[:2]:
        raise UnusableError("rotated by EXIF data at its end")
    return prepare(image, natural, settings)


def decode(data: Item) -> np.ndarray:
    """One image as it is, its header checked first."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        header(data)
    return pixels(data)
