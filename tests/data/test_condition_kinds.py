"""Kinds of a condition: what each reads of a column, and what it encodes."""

import numpy as np
import pytest
import torch

from likeness.data.columns import Column, of_words
from likeness.data.condition_kinds import BinaryCondition, ClassCondition, NumberCondition
from likeness.data.conditions import Condition

DARK = BinaryCondition("dark")
HAIR = ClassCondition("hair", ("black", "blond", "red"))
AGE = NumberCondition("age", 40.0, 10.0, 20.0, 60.0)


def test_a_binary_condition_reads_minus_one_as_nought_and_nothing_else() -> None:
    np.testing.assert_array_equal(DARK.read(Column(np.array([-1, 1, 0, 2]))), [0, 1, 0, np.nan])
    assert np.isnan(DARK.read(of_words(np.array(["0", "1"])))).all()


def test_a_class_is_found_by_its_name_whatever_its_number_in_other_data() -> None:
    column = Column(np.array([0, 1, -1, 2]), ("red", "green", "black"))
    np.testing.assert_array_equal(HAIR.read(column), [2, np.nan, np.nan, 0])
    assert np.isnan(HAIR.read(Column(np.array([0, 1])))).all()


def test_a_number_reads_what_is_finite() -> None:
    np.testing.assert_array_equal(AGE.read(Column(np.array([3.5, np.nan, np.inf]))), [3.5, np.nan, np.nan])


@pytest.mark.parametrize(
    ("condition", "values"),
    [(DARK, [0.0, 1.0, 1.0]), (HAIR, [2.0, 0.0, 1.0]), (AGE, [20.0, 61.5, -3.0])],
    ids=str,
)
def test_what_is_encoded_is_decoded(condition: Condition, values: list[float]) -> None:
    encoded = condition.encode(torch.tensor(values, dtype=torch.float64))
    assert encoded.shape == (3, condition.width)
    assert condition.decode(encoded).tolist() == values
    assert [condition.value(condition.word(v)) for v in values] == values


def test_classes_that_are_numbers_may_be_written_as_numbers() -> None:
    digits = ClassCondition("label", ("0", "1", "7"))
    assert [digits.value(word) for word in (7, 7.0, "7")] == [2, 2, 2]
