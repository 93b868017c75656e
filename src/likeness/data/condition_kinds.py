"""Kinds of a condition: binary, a class, a real number; how each is read, written and encoded."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.data.columns import Column
from likeness.errors import UserError
from likeness.registry import suggestion

Word = float | int | str
"""A value as users write it."""
Rows = Float[Tensor, "n a"]
"""Values as networks take them."""


@dataclass(frozen=True)
class BinaryCondition:
    """A column of 0 and 1: one input."""

    name: str
    kind: Literal["binary"] = "binary"

    @property
    def width(self) -> int:
        """Number of inputs of a network that it takes."""
        return 1

    def read(self, column: Column) -> np.ndarray:
        """(n,) values of a column, NaN where one is not a value of this condition."""
        values = _numbers(column)
        return np.where(np.isin(values, (-1, 0, 1)), (values > 0).astype(float), np.nan)

    def value(self, word: Word) -> float:
        """A value from the text that a user wrote: 0, 1 or anything between. Raises UserError for other
        text."""
        number = _number(word)
        if not 0 <= number <= 1:
            raise UserError(f"{self.name} is {word!r}; write 0 or 1, or a number between them")
        return number

    def word(self, value: float) -> float | str:
        """A value as users write it."""
        return value

    def encode(self, values: Float[Tensor, " n"]) -> Rows:
        """The input of each value."""
        return values[:, None]

    def decode(self, rows: Rows) -> Float[Tensor, " n"]:
        """The value of each input."""
        return rows[:, 0]

    def __str__(self) -> str:
        return f"{self.name} (binary)"


@dataclass(frozen=True)
class ClassCondition:
    """A column of words, or of the data's labels: an input for each class of the training images."""

    name: str
    classes: tuple[str, ...]
    kind: Literal["class"] = "class"

    @property
    def width(self) -> int:
        """Number of inputs of a network that it takes."""
        return len(self.classes)

    def read(self, column: Column) -> np.ndarray:
        """(n,) values of a column, NaN where one is not a value of this condition."""
        if column.names is None:
            return np.full(len(column.values), np.nan)
        known = {name: position for position, name in enumerate(self.classes)}
        codes = np.array([known.get(name, np.nan) for name in column.names] + [np.nan])
        return codes[np.where(column.is_missing, len(column.names), column.values).astype(int)]

    def value(self, word: Word) -> float:
        """The index of the class that a user named. Raises UserError, which lists similar names, if there
        is no such class."""
        text = str(int(word)) if isinstance(word, int | float) and word == int(word) else str(word)
        if text not in self.classes:
            raise UserError(f"{self.name} has no class {text!r}; {suggestion(text, list(self.classes))}")
        return float(self.classes.index(text))

    def word(self, value: float) -> float | str:
        """A value as users write it."""
        return self.classes[int(value)]

    def encode(self, values: Float[Tensor, " n"]) -> Rows:
        """The inputs of each value: 1 for its class and 0 for the others."""
        return torch.nn.functional.one_hot(values.long(), len(self.classes)).to(values)

    def decode(self, rows: Rows) -> Float[Tensor, " n"]:
        """The class whose input is largest."""
        return rows.argmax(1).to(rows)

    def __str__(self) -> str:
        return f"{self.name} ({len(self.classes)} classes)"


@dataclass(frozen=True)
class NumberCondition:
    """A column of real numbers: one input, of mean 0 and standard deviation 1 over training images."""

    name: str
    mean: float
    std: float
    least: float
    """Of the training images."""
    most: float
    kind: Literal["number"] = "number"

    @property
    def width(self) -> int:
        """Number of inputs of a network that it takes."""
        return 1

    def read(self, column: Column) -> np.ndarray:
        """(n,) values of a column, NaN where one is not a value of this condition."""
        values = _numbers(column)
        return np.where(np.isfinite(values), values, np.nan)

    def value(self, word: Word) -> float:
        """A value from the text that a user wrote, in the data's units. Raises UserError if it is no
        number."""
        number = _number(word)
        if not math.isfinite(number):
            raise UserError(f"{self.name} is {word!r}; write a number, such as {self.mean:.4g}")
        return number

    def word(self, value: float) -> float | str:
        """A value as users write it."""
        return value

    def encode(self, values: Float[Tensor, " n"]) -> Rows:
        """The input of each value."""
        return ((values - self.mean) / self.std)[:, None]

    def decode(self, rows: Rows) -> Float[Tensor, " n"]:
        """The value of each input."""
        return rows[:, 0] * self.std + self.mean

    def __str__(self) -> str:
        spread = f"mean {self.mean:.4g}, standard deviation {self.std:.4g}"
        return f"{self.name} (number, {self.least:.4g} to {self.most:.4g}, {spread})"


def _numbers(column: Column) -> np.ndarray:
    """(n,) numbers of a column, NaN where there is none."""
    if column.names is not None:
        return np.full(len(column.values), np.nan)
    return np.where(column.is_missing, np.nan, column.values.astype(np.float64))


def _number(word: Word) -> float:
    try:
        return float(word)
    except ValueError:
        return math.nan
