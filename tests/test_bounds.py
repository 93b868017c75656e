"""The bounds of types in words."""

from typing import Annotated, Any, Optional

import pytest
from annotated_types import Ge, Gt, Le, Lt
from pydantic import Field

from likeness.bounds import describe_bounds
from likeness.settings import Count, Fraction, NonNegative, Positive

SMALL = Annotated[int, Ge(2), Le(9)]
KINDS: list[tuple[Any, str]] = [
    (Count, "at least 1"),
    (Positive, "above 0"),
    (NonNegative, "at least 0"),
    (Fraction, "from 0 to 1"),
    (Annotated[Fraction, Lt(0.5)], "at least 0 and below 0.5"),
    (Optional[Count], "at least 1"),  # noqa: UP045
    (Optional[SMALL], "from 2 to 9"),  # noqa: UP045
    (Annotated[float, Gt(-1), Lt(1)], "above -1 and below 1"),
    (Annotated[int, Field(ge=3)], "at least 3"),
    (Annotated[int, Ge(0), Lt(2**31)], "at least 0"),
    (int, ""),
    (str | None, ""),
]


@pytest.mark.parametrize(("kind", "words"), KINDS)
def test_bounds_are_said_as_a_person_would(kind: Any, words: str) -> None:
    assert describe_bounds(kind) == words
