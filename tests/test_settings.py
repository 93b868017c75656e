"""Settings classes: frozen, checked wherever they are made, and explained."""

from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from likeness.options import fields
from likeness.settings import Count, Fraction, NonNegative, Pairs, Positive, Steps, settings


@settings
class Base:
    """A settings class to inherit from."""

    size: Count = 2
    """How many."""
    share: Fraction = 0.5
    """What part."""


@settings
class Derived(Base):
    """One with another default."""

    size: Count = 3


OUTSIDE = [
    (Count, [0, -1, 1_000_001, 1.5, float("nan"), "few", None]),
    (Steps, [-1, 0.5]),
    (Positive, [0, -1e-9]),
    (NonNegative, [-1e-9]),
    (Fraction, [-0.1, 1.1]),
]
EDGES = [(Count, [1, 1_000_000]), (Steps, [0]), (Positive, [1e-9]), (NonNegative, [0]), (Fraction, [0, 1])]


def taken(kind: Any, value: Any) -> Any:
    """A value as a setting of a type has it."""
    return TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(("kind", "values"), OUTSIDE)
def test_what_is_out_of_bounds_is_refused(kind: Any, values: list) -> None:
    for value in values:
        with pytest.raises(ValidationError):
            taken(kind, value)


@pytest.mark.parametrize(("kind", "values"), EDGES)
def test_bounds_belong_to_what_is_allowed(kind: Any, values: list) -> None:
    assert [taken(kind, value) for value in values] == values


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Base().size = 5  # type: ignore[misc]


@pytest.mark.parametrize("wrong", [{"sise": 1}, {"size": 0}, {"share": float("nan")}, {"share": "inf"}])
def test_settings_are_checked_where_they_are_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Base(**wrong)


def test_a_default_of_another_class_keeps_the_help() -> None:
    found = {name: (default, text) for name, _, default, text, *_ in fields(Derived)}
    assert found == {"size": (3, "How many."), "share": (0.5, "What part.")}


PAIRS = [
    ("conv3", {"conv3": 1.0}),
    ("conv2:0.5,conv3:1", {"conv2": 0.5, "conv3": 1.0}),
    (" conv2 : 0.5 , conv3 ", {"conv2": 0.5, "conv3": 1.0}),
    (-2, {"-2": 1.0}),
    ("-2:0", {"-2": 0.0}),
    ("", {}),
    ({"a": 2}, {"a": 2.0}),
]


@pytest.mark.parametrize(("said", "pairs"), PAIRS)
def test_numbers_by_name_are_read_from_a_word(said: object, pairs: dict[str, float]) -> None:
    assert taken(Pairs, said) == pairs


@pytest.mark.parametrize("wrong", ["a:x", "a:-1", "a:nan", "a:inf", "a:1:2", ["a"], None, {"a": -1}])
def test_pairs_that_are_no_numbers_by_name_are_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        PairsHolder(pairs=wrong)  # type: ignore[arg-type]


@settings
class PairsHolder:
    """Pairs as a setting."""

    pairs: Pairs
    """Numbers by name."""


names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6)


@given(st.dictionaries(names, st.floats(0, 1e6), max_size=4))
def test_pairs_come_back_from_their_word(pairs: dict[str, float]) -> None:
    word = ",".join(f"{name}:{value!r}" for name, value in pairs.items())
    assert taken(Pairs, word) == pairs
