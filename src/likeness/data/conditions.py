"""Conditions: what is known of images beside their pixels, read from columns, encoded for networks.

The kind is found from the column: a column of 0 and 1 is binary, one of words or labels is a class, any
other column of numbers is a number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from pydantic import TypeAdapter, ValidationError
from torch import Tensor

from likeness.data.columns import Column, find_column
from likeness.data.condition_kinds import BinaryCondition, ClassCondition, NumberCondition, Rows, Word
from likeness.errors import UserError
from likeness.registry import suggestion

MAX_CLASSES = 1000
"""Classes of one condition: each is an input of every layer."""
Words = Mapping[str, Word]
"""Values of conditions by name, as users write them."""
Values = Float[Tensor, "n c"]
"""One number for each condition: 0 or 1, the position of a class, a number in the data's own units."""


Condition = BinaryCondition | ClassCondition | NumberCondition


@dataclass(frozen=True)
class Conditions:
    """The conditions of a model, in order."""

    items: tuple[Condition, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the conditions."""
        return tuple(c.name for c in self.items)

    @cached_property
    def width(self) -> int:
        """Number of inputs of a network that they take together."""
        return sum(c.width for c in self.items)

    def encode(self, values: Values) -> Rows:
        """Values as rows of float32, which networks take as input."""
        columns = [c.encode(values[:, k]) for k, c in enumerate(self.items)]
        return torch.cat([values[:, :0], *columns], 1).float()

    def decode(self, rows: Rows) -> Values:
        """The values that rows stand for; where a row has parts of several classes, the class with the
        largest part."""
        columns = [c.decode(rows[:, part].double()) for c, part in self._parts()]
        return torch.stack(columns, 1) if columns else rows[:, :0].double()

    def words(self, rows: Rows) -> list[dict[str, Word]]:
        """The values of rows, as users would write them."""
        return [
            {c.name: c.word(v) for c, v in zip(self.items, values)} for values in self.decode(rows).tolist()
        ]

    def row(self, said: Words) -> Float[Tensor, "1 a"]:
        """The row for one value of every condition. Raises UserError for a condition that is missing or
        unknown, or a value that it cannot have."""
        self._check_names(said)
        missing = [name for name in self.names if name not in said]
        if missing:
            raise UserError(f"{', '.join(missing)} is not said; {self.usage()}")
        values = [c.value(said[c.name]) for c in self.items]
        return self.encode(torch.tensor([values], dtype=torch.float64))

    def with_values(self, rows: Rows, said: Words) -> Rows:
        """The rows with other values of some conditions. Raises UserError for an unknown condition, or a
        value that it cannot have."""
        self._check_names(said)
        rows = rows.clone()
        for c, part in self._parts():
            if c.name in said:
                value = torch.tensor([c.value(said[c.name])], dtype=torch.float64)
                rows[:, part] = c.encode(value).to(rows)
        return rows

    def usage(self) -> str:
        """One line on how to write values of these conditions."""
        return "give --condition " + ",".join(f"{c.name}:{_example(c)}" for c in self.items)

    def values(self, columns: Mapping[str, Column], images: Sequence[str]) -> np.ndarray:
        """(n, c) float64 values of images, from columns. UserError names the first image, and what is
        wrong with it, where a value is missing or none of the condition's."""
        found = np.zeros((len(images), len(self.items)))
        for k, c in enumerate(self.items):
            column = find_column(columns, c.name)
            found[:, k] = c.read(column)
            wrong = np.flatnonzero(np.isnan(found[:, k]))
            if len(wrong):
                raise UserError(_fault(c, column, int(wrong[0]), images))
        return found

    def document(self) -> list[dict[str, Any]]:
        """The conditions as a JSON document."""
        return _ITEMS.dump_python(self.items, mode="json")

    @staticmethod
    def from_document(said: Any) -> "Conditions":
        """The conditions in a JSON document. Raises ValueError if it is not one of conditions."""
        try:
            return Conditions(_ITEMS.validate_python(said))
        except ValidationError as error:
            raise ValueError(f"conditions are {_first_problem(error)}") from None

    def _parts(self) -> Iterator[tuple[Condition, slice]]:
        """Each condition with its place in a row."""
        start = 0
        for c in self.items:
            yield c, slice(start, start + c.width)
            start += c.width

    def _check_names(self, said: Words) -> None:
        for name in said:
            if name not in self.names:
                hint = (
                    suggestion(name, list(self.names))
                    if self.items
                    else "it was trained without --condition"
                )
                raise UserError(f"this model has no condition {name!r}; {hint}")

    def __str__(self) -> str:
        return ", ".join(map(str, self.items))


Conditioning = Float[Tensor, "_ a"] | Words | None
"""A condition as it is given: values by name for all inputs, or a row for each."""


def one_row(conditions: Conditions, said: Conditioning) -> Float[Tensor, "1 a"] | None:
    """One row of conditions from any way of writing it; None from None. Raises UserError if it is not of
    these conditions."""
    return _for(conditions, said, 1)


def rows_of(conditions: Conditions, said: Conditioning, n: int) -> Rows | None:
    """A row of conditions for each of `n` inputs; None where the model has no conditions. Raises UserError
    where conditions are needed and missing, or are not those of the model."""
    if conditions.items and said is None:
        raise UserError(
            f"this model is conditioned on {', '.join(conditions.names)}, which is not said; "
            f"{conditions.usage()}"
        )
    return _for(conditions, said, n)


def _for(conditions: Conditions, said: Conditioning, n: int) -> Float[Tensor, "_ a"] | None:
    """A row for each of `n` inputs, of what is said; None of nothing."""
    if said is None or not (conditions.items or len(said)):
        return None
    rows = said if isinstance(said, Tensor) else conditions.row(said)
    if rows.shape[1] != conditions.width:
        raise UserError(
            f"conditions are {tuple(rows.shape)}, this model takes {conditions.width} numbers for each "
            "input; encode them by its `conditions`"
        )
    if len(rows) not in (1, n):
        raise UserError(f"there are {len(rows)} conditions for {n} inputs; give one, or one for each")
    return rows if len(rows) == n else rows.expand(n, -1)


UNCONDITIONED = Conditions()
"""No conditions."""
_ITEMS: TypeAdapter[tuple[Condition, ...]] = TypeAdapter(tuple[Condition, ...])


def _first_problem(error: ValidationError) -> str:
    """What is wrong with a document, or None."""
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def find(names: Sequence[str], columns: Mapping[str, Column], training: Mapping[str, Column]) -> Conditions:
    """The conditions of these names: their kinds from whole columns, their classes, means and standard
    deviations from those of the training images alone.

    Raises UserError for a name that is no column or is twice, and a column that says nothing.
    """
    if twice := next((name for k, name in enumerate(names) if name in names[:k]), None):
        raise UserError(f"the condition {twice!r} is named twice; name it once")
    return Conditions(
        tuple(_condition_of(name, find_column(columns, name), training[name]) for name in names)
    )


def _condition_of(name: str, column: Column, training: Column) -> Condition:
    known = training.values[~training.is_missing]
    if not len(known):
        raise UserError(f"column {name!r} has no value for a training image; leave it out of --condition")
    if column.names is not None:
        return _classes(name, tuple(column.names[int(k)] for k in np.unique(known)))
    if column.rows(np.flatnonzero(~column.is_missing)).binary:
        return BinaryCondition(name)
    numbers = known.astype(np.float64)
    if not np.isfinite(numbers).all():
        raise UserError(f"column {name!r} has values that are not finite; mend them")
    if numbers.min() == numbers.max():
        raise UserError(
            f"column {name!r} is {numbers[0]:g} for every training image; leave it out of --condition"
        )
    mean, std = float(numbers.mean()), float(numbers.std())
    return NumberCondition(name, mean, std, float(numbers.min()), float(numbers.max()))


def _classes(name: str, classes: tuple[str, ...]) -> ClassCondition:
    if len(classes) > MAX_CLASSES:
        raise UserError(
            f"column {name!r} has {len(classes)} classes, more than {MAX_CLASSES}; name a column with fewer"
        )
    return ClassCondition(name, classes)


def _fault(c: Condition, column: Column, row: int, images: Sequence[str]) -> str:
    """What is wrong with the value of an image."""
    where = f"{c.name} of {images[row]}"
    if column.is_missing[row]:
        return f"{where} is missing; fill it in, or leave {c.name} out of --condition"
    value = column.names[int(column.values[row])] if column.names is not None else f"{column.values[row]:g}"
    if isinstance(c, ClassCondition):
        return (
            f"{where} is {value!r}, a class of no training image; {suggestion(str(value), list(c.classes))}"
        )
    wanted = "0 and 1" if isinstance(c, BinaryCondition) else "finite numbers"
    return f"{where} is {value}, the condition takes {wanted}; mend it"


def _example(c: Condition) -> str:
    """An example of how a value is written."""
    if isinstance(c, ClassCondition):
        return c.classes[0]
    return f"{c.mean:.4g}" if isinstance(c, NumberCondition) else "1"
