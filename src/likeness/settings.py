"""`@settings` makes a frozen, validated dataclass: bounds are checked, unknown keys are refused, and
attribute docstrings are the help text of the command line."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, dataclass_transform

from annotated_types import Ge, Gt, Le
from pydantic import AfterValidator, BeforeValidator, ConfigDict
from pydantic.dataclasses import dataclass as validated_dataclass

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def settings(cls: type[T]) -> type[T]:
    """Make `cls` a frozen dataclass whose fields are validated whenever an instance is made."""
    rules = ConfigDict(extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)
    return validated_dataclass(frozen=True, config=rules)(cls)  # type: ignore[return-value]


class NoOption:
    """Marks a field that is not an option of the command line and can be set in Python only."""


class Rare:
    """Marks a field that few trainings need: help shows it under `--help-all` only."""


@dataclass(frozen=True)
class Metavar:
    """Marks a type with what stands for its value in help, such as `NAME,NAME`."""

    text: str


Count = Annotated[int, Ge(1), Le(1_000_000)]
"""A whole number from 1 to a million."""
Steps = Annotated[int, Ge(0)]
"""A whole number of steps, 0 or more."""
Positive = Annotated[float, Gt(0)]
"""A number above 0."""
NonNegative = Annotated[float, Ge(0)]
"""A number of 0 or more."""
Fraction = Annotated[float, Ge(0), Le(1)]
"""A number from 0 to 1."""


def _check_power_of_two(number: int) -> int:
    """`number`. Raises ValueError if it is not a power of two."""
    if number & (number - 1):
        raise ValueError("it must be a power of two")
    return number


PowerOfTwo = Annotated[int, Ge(1), AfterValidator(_check_power_of_two)]
"""1, 2, 4, 8, ..."""


def _parse_pairs(text: Any) -> Any:
    """Parse `"conv2:0.5,conv3"` into `{"conv2": 0.5, "conv3": 1.0}`; values of other types stay."""
    if not isinstance(text, str | int):
        return text
    pairs = (part.partition(":") for part in str(text).split(",") if part.strip())
    return {key.strip(): value or 1.0 for key, _, value in pairs}


Pairs = Annotated[dict[str, NonNegative], BeforeValidator(_parse_pairs), Metavar("NAME:X,...")]
"""Numbers by name: `conv2:0.5,conv3:1` on the command line, where `conv3` alone stands for `conv3:1`."""


def _parse_names(text: Any) -> Any:
    """Parse `"a,b"` into a list of names; values of other types stay."""
    return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text


Names = Annotated[tuple[str, ...], BeforeValidator(_parse_names), Metavar("NAME,...")]
"""A sequence of names: `a,b` on the command line."""
