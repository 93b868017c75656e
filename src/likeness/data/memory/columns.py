"""Values that a program has beside its images, as columns."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from likeness.data.columns import Column
from likeness.data.reading.layouts import is_array, plain
from likeness.errors import UserError
from likeness.shapes import UNLABELLED


def labels(values: Any) -> Column:
    """Labels given beside images: numbers, words or booleans; None and NaN are missing. Raises UserError
    unless there is one such value for each image."""
    array = plain(values) if is_array(values) else None
    if array is not None and (array.ndim > 2 or (array.ndim == 2 and array.shape[1] != 1)):
        raise UserError(
            f"labels have shape {array.shape}; give (images, labels) with one label for each image, "
            "or a frame with a column for each thing known of them"
        )
    found = column(list(values) if array is None else array.reshape(-1).tolist())
    if found is None:
        kind = "nothing" if not len(values) else type(values[0]).__name__ if array is None else array.dtype
        raise UserError(f"labels hold {kind}; give whole numbers, words or truth values")
    return found


def column(values: Sequence[Any], names: Sequence[str] | None = None) -> Column | None:
    """A column of values, whose codes `names` may name; None where they are neither numbers nor words."""
    plainly = [_plain(value) for value in values]
    missing = np.array([_is_missing(value) for value in plainly], bool)
    there = [value for value, absent in zip(plainly, missing) if not absent]
    if there and all(isinstance(value, str) for value in there):
        return _words(plainly, missing, sorted(set(there)))
    if not there or not all(isinstance(value, bool | int | float) for value in there):
        return None
    whole = all(not isinstance(value, float) for value in there)
    filled = [(UNLABELLED if whole else math.nan) if absent else v for v, absent in zip(plainly, missing)]
    absent = missing if whole and missing.any() else None
    return Column(
        np.array(filled, np.int64 if whole else np.float64), tuple(names) if names else None, absent
    )


def _words(values: list[Any], missing: np.ndarray, names: list[str]) -> Column:
    position = {word: code for code, word in enumerate(names)}
    codes = [UNLABELLED if absent else position[word] for word, absent in zip(values, missing)]
    return Column(np.array(codes, np.int64), tuple(names))


def _plain(value: Any) -> Any:
    """A number of NumPy or of a tensor as Python's."""
    return value.item() if is_array(value) and math.prod(value.shape) == 1 else value


def _is_missing(value: Any) -> bool:
    """Whether it is None, NaN, or what frames have for no value."""
    return (
        value is None
        or type(value).__name__ == "NAType"
        or (isinstance(value, float) and math.isnan(value))
    )
