"""Types of arguments: what words and Python values become."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from likeness.commands import _arguments as arguments

VALUES = [
    (arguments.RunPath, Path("a/b"), "a/b"),
    (arguments.ImagePaths, "a.png", ["a.png"]),
    (arguments.ImagePaths, (Path("a.png"), "b.png"), ["a.png", "b.png"]),
    (arguments.Condition, "Smiling,age:30", {"Smiling": "1", "age": "30"}),
    (arguments.Condition, {"Smiling": 1}, {"Smiling": 1}),
    (arguments.Condition, "", None),
    (arguments.Amounts, "Smiling:1.5, Male:-1,Hat", {"Smiling": 1.5, "Male": -1.0, "Hat": 1.0}),
    (arguments.Amounts, "a:0", {"a": 0.0}),
    (arguments.Numbers, "3, 5", [3, 5]),
    (arguments.Numbers, 3, [3]),
    (arguments.Numbers, (1, 2), [1, 2]),
    (arguments.Numbers, None, None),
    (arguments.Words, "cat, dog", ["cat", "dog"]),
    (arguments.Seed, "7", 7),
]


@pytest.mark.parametrize(("kind", "value", "expected"), VALUES)
def test_words_and_values_become_what_verbs_take(kind: Any, value: Any, expected: Any) -> None:
    assert TypeAdapter(kind).validate_python(value) == expected


WRONG = [
    (arguments.Amounts, "Smiling:much", "write names with numbers, Smiling:1.5,Male:-1"),
    (arguments.Numbers, "1,x", "write whole numbers, 3,5"),
    (arguments.Numbers, "-1", "write numbers from 0, 3,5"),
    (arguments.Seed, -1, "greater than or equal to 0"),
    (arguments.Split, "all", "'train', 'validation' or 'test'"),
    (arguments.MaxImages, 1, "greater than or equal to 2"),
]


@pytest.mark.parametrize(("kind", "value", "message"), WRONG)
def test_what_is_wrong_is_said(kind: Any, value: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        TypeAdapter(kind).validate_python(value)
