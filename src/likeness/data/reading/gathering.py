"""The images of the chosen rows brought into one array, in memory or in a file of the cache."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from likeness.data import fingerprints
from likeness.data.reading import cache
from likeness.data.reading.changing import ChangingImages, StoredImages
from likeness.data.reading.fitting import header_after_fitting
from likeness.data.reading.pictures import Stack
from likeness.data.settings import DataSettings
from likeness.data.table import Table
from likeness.errors import UserError

MAX_LISTED_IMAGES = 5
"""Bad images that an error names; the rest are counted."""
VERSION = "1"
"""To be changed with the way images are decoded or fitted, so that old cache entries are left."""


@dataclass(frozen=True)
class Gathered:
    """Images in the order of the rows that were asked for, without the bad ones."""

    images: StoredImages
    """(n, height, width, channels)"""
    positions: np.ndarray
    """(n,) where each image stands in the rows asked for."""
    skipped: tuple[str, ...] = ()
    """Name and reason of each image left out."""


def gather(table: Table, rows: np.ndarray, settings: DataSettings) -> Gathered:
    """Images `rows` of `table`, fitted as `settings` say.

    Raises UserError for images of mixed kinds, and for bad ones unless they are to be skipped.
    """
    if table.pictures.is_changing:
        return _anew(table, rows, settings)
    key = _key(table, rows, settings)
    images, faults = cache.find(key) or _fit_images(table, rows, settings, key)
    _refuse(table, rows, settings, faults)
    positions = np.setdiff1d(np.arange(len(rows)), list(faults)).astype(int)
    return Gathered(images, positions, tuple(_describe_faults(table, rows, faults)))


def _anew(table: Table, rows: np.ndarray, settings: DataSettings) -> Gathered:
    """The usable ones of images that change from reading to reading; none is stored."""
    survey = table.pictures.survey(rows, settings)
    header_after_fitting(survey.natural, settings)
    _refuse(table, rows, settings, survey.faults)
    positions = np.setdiff1d(np.arange(len(rows)), list(survey.faults)).astype(int)
    images = ChangingImages(table.pictures, rows[positions], survey.natural, settings)
    return Gathered(images, positions, tuple(_describe_faults(table, rows, survey.faults)))


def _fit_images(
    table: Table, rows: np.ndarray, settings: DataSettings, key: str
) -> tuple[np.ndarray, dict[int, str]]:
    """The good images, in memory or as entry `key` of the cache; why the others are bad."""
    survey = table.pictures.survey(rows, settings)
    kind = header_after_fitting(survey.natural, settings)
    shape, faults = (len(rows), *kind[:3]), dict(survey.faults)
    stacks = (_sound(stack, faults) for stack in table.pictures.stacks(rows, survey, settings))
    if math.prod(shape) * np.dtype(kind.dtype).itemsize <= settings.bytes_in_memory:
        return _in_memory(stacks, shape, kind.dtype), faults
    with cache.write_entry(key) as folder:
        file = cache.ArrayFile(folder, shape, kind.dtype)
        count = sum(file.append(stack) for stack in stacks)
        _refuse(table, rows, settings, faults)
        file.close(count, faults)
    entry = cache.find(key)
    assert entry is not None
    return entry


def _key(table: Table, rows: np.ndarray, settings: DataSettings) -> str:
    chosen = (settings.sides, settings.upscale, settings.channels, settings.grey)
    return fingerprints.of_parts([VERSION, table.digest, repr(chosen), rows.tobytes().hex()])


def _sound(stack: Stack, faults: dict[int, str]) -> np.ndarray:
    """The images of a stack without NaN or infinite pixels; what is wrong goes to `faults`."""
    faults |= stack.faults
    if stack.images.dtype.kind != "f":
        return stack.images
    sound = np.isfinite(stack.images).all(axis=(1, 2, 3))
    faults |= dict.fromkeys(stack.positions[~sound].tolist(), "NaN or infinite pixels")
    return stack.images[sound]


def _in_memory(stacks: Iterator[np.ndarray], shape: tuple[int, ...], dtype: str) -> np.ndarray:
    images, count = np.empty(shape, dtype), 0
    for stack in stacks:
        images[count : count + len(stack)] = stack
        count += len(stack)
    return images[:count]


def _refuse(table: Table, rows: np.ndarray, settings: DataSettings, faults: dict[int, str]) -> None:
    """Raises UserError, which names some of the bad images, if `bad` is `refuse`."""
    if not faults or settings.bad == "skip":
        return
    lines = _describe_faults(table, rows, faults)
    more = f" and {len(lines) - MAX_LISTED_IMAGES} more" if len(lines) > MAX_LISTED_IMAGES else ""
    raise UserError(
        f"{len(lines)} of {len(rows)} images cannot be used: {', '.join(lines[:MAX_LISTED_IMAGES])}{more}; "
        "mend or remove them, or pass --bad skip"
    )


def _describe_faults(table: Table, rows: np.ndarray, faults: dict[int, str]) -> list[str]:
    worst = sorted((int(rows[position]), reason) for position, reason in faults.items())
    return [f"{table.names[row]} ({reason})" for row, reason in worst]
