"""The bounds of a type in words, for help: `at least 1`, `from 0 to 1`."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo

Limits = dict[str, Any]
MAX_SHOWN = 1_000_000
"""The smallest upper limit that only guards against slips, and is not worth a word."""


def describe_bounds(kind: Any) -> str:
    """The bounds of a number of type `kind`, an `Annotated` type or a union of one and None; "" if it has
    none."""
    limits: Limits = {}
    for mark in _marks(kind):
        limits |= _limits(mark)
    low, high = limits.get("low"), limits.get("high")
    high = None if high is not None and high >= MAX_SHOWN else high
    if low is not None and high is not None and limits.get("closed", True):
        return f"from {_text(low)} to {_text(high)}"
    words = [f"{limits['low_words']} {_text(low)}"] if low is not None else []
    words += [f"{limits['high_words']} {_text(high)}"] if high is not None else []
    return " and ".join(words)


def _text(number: int | float) -> str:
    """A limit in a sentence."""
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


def _marks(kind: Any) -> Iterator[Any]:
    """Everything that annotates a type or the first member of a union."""
    if get_origin(kind) is Annotated:
        inner, *marks = get_args(kind)
        yield from _marks(inner)
        yield from marks
    elif type(None) in get_args(kind):
        yield from _marks(get_args(kind)[0])


def _limits(mark: Any) -> Limits:
    """The limits that one annotation sets."""
    if isinstance(mark, FieldInfo):
        found: Limits = {}
        for inner in mark.metadata:
            found |= _limits(inner)
        return found
    match mark:
        case annotated_types.Ge(ge=low):
            return {"low": low, "low_words": "at least"}
        case annotated_types.Gt(gt=low):
            return {"low": low, "low_words": "above", "closed": False}
        case annotated_types.Le(le=high):
            return {"high": high, "high_words": "at most"}
        case annotated_types.Lt(lt=high):
            return {"high": high, "high_words": "below", "closed": False}
    return {}
