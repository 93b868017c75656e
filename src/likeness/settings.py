"""`@settings` makes a frozen, checked dataclass: bounds hold, unknown keys are refused,
attribute docstrings are the help text of the command line."""

from typing import Annotated, Any, TypeVar, dataclass_transform

from annotated_types import Ge, Gt, Le
from pydantic import AfterValidator, BeforeValidator, ConfigDict
from pydantic.dataclasses import dataclass

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def settings(cls: type[T]) -> type[T]:
    """Make `cls` a frozen dataclass whose fields are checked wherever it is made."""
    rules = ConfigDict(extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)
    return dataclass(frozen=True, config=rules)(cls)  # type: ignore[return-value]


class NoOption:
    """Marks a field that is no option of the command line: one that Python alone can give."""


Count = Annotated[int, Ge(1), Le(1_000_000)]
"""A whole number of at least one, below what no machine can hold."""
Steps = Annotated[int, Ge(0)]
Positive = Annotated[float, Gt(0)]
NonNegative = Annotated[float, Ge(0)]
Fraction = Annotated[float, Ge(0), Le(1)]


def _power_of_two(number: int) -> int:
    """`number`, if it is one."""
    if number & (number - 1):
        raise ValueError("it must be a power of two")
    return number


PowerOfTwo = Annotated[int, Ge(1), AfterValidator(_power_of_two)]
"""1, 2, 4, 8 and so on."""


def _pairs(text: Any) -> Any:
    """`"conv2:0.5,conv3"` as `{"conv2": 0.5, "conv3": 1.0}`; anything else as it is."""
    if not isinstance(text, str | int):
        return text
    pairs = (part.partition(":") for part in str(text).split(",") if part.strip())
    return {key.strip(): value or 1.0 for key, _, value in pairs}


Pairs = Annotated[dict[str, NonNegative], BeforeValidator(_pairs)]
"""Numbers by name; on the command line `conv3`, which counts 1, or `conv2:0.5,conv3:1`."""


def _listed(text: Any) -> Any:
    """`"a,b"` as a sequence; anything else as it is."""
    return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""Names; on the command line `a,b`."""
