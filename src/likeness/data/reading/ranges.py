"""The values between black and white of floats in memory, where nothing but the values tells them."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from likeness.data.reading.pictures import IMAGES_AT_A_TIME
from likeness.errors import UserError


class Extent(NamedTuple):
    """The smallest and the largest of some values, and whether all are whole numbers."""

    low: float
    high: float
    whole: bool


def extent(values: np.ndarray) -> Extent:
    """The extent of the finite ones of some values."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return Extent(np.inf, -np.inf, True)
    return Extent(float(finite.min()), float(finite.max()), bool((finite % 1 == 0).all()))


def join(extents: Iterable[Extent]) -> Extent:
    """The extent of several extents together."""
    lows, highs, whole = zip(*extents)
    return Extent(min(lows), max(highs), all(whole))


def range_of_stored(images: np.ndarray, name: str) -> tuple[float, float] | None:
    """The range of the kind that images in memory are of; None where their type says it. Raises UserError
    as `float_range`."""
    if images.dtype.kind != "f":
        return None
    starts = range(0, len(images), IMAGES_AT_A_TIME)
    return float_range(join(extent(images[i : i + IMAGES_AT_A_TIME]) for i in starts), name)


def float_range(found: Extent, name: str) -> tuple[float, float]:
    """-1 to 1, 0 to 1, or, of whole numbers, 0 to 255. Raises UserError for values of no such kind."""
    low, high, whole = found
    if low > high or (low >= 0 and high <= 1):
        return 0.0, 1.0
    if -1 <= low < 0 and high <= 1:
        return -1.0, 1.0
    if whole and low >= 0 and high <= 255:
        return 0.0, 255.0
    raise UserError(
        f"{name} has values from {low:.6g} to {high:.6g}, which are in no usual range; "
        f"say range=({low:.6g}, {high:.6g}), or range='data' for that of each channel"
    )
