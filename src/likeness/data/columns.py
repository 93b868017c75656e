"""Columns that stand beside the images, read as classes, groups or attributes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from likeness import registry
from likeness.errors import UserError
from likeness.shapes import UNLABELLED

_LABELS = 7
"""Keeps this choice apart from others made with the same seed."""
LABEL_COLUMNS = ("label", "labels", "class", "target", "y")
"""Columns that hold the classes where the user names none, in order of preference."""


@dataclass(frozen=True)
class Column:
    """One value for each image: numbers, or the codes of names."""

    values: np.ndarray
    """(n,) numbers; where there are names, their positions, or -1 for none."""
    names: tuple[str, ...] | None = None
    absent: np.ndarray | None = None
    """(n,) True where a table has no value and a number stands in for it."""

    @property
    def is_missing(self) -> np.ndarray:
        """(n,) True where there is no value."""
        if self.absent is not None:
            return self.absent
        if self.names is not None:
            return self.values < 0
        if self.values.dtype.kind == "f":
            return np.isnan(self.values)
        return np.zeros(len(self.values), bool)

    def rows(self, kept: np.ndarray) -> "Column":
        """The values of some rows."""
        absent = None if self.absent is None else self.absent[kept]
        return Column(self.values[kept], self.names, absent)

    @property
    def binary(self) -> bool:
        """Whether the values are 0 and 1, or -1 and 1 as in CelebA's own files."""
        if self.names is not None or self.values.dtype.kind not in "biuf":
            return False
        if self.absent is not None and self.absent.any():
            return False
        return set(np.unique(self.values).tolist()) in ({0, 1}, {0}, {1}, {-1, 1})


def concatenate(parts: Sequence[Column]) -> Column:
    """Two columns joined, one after the other; both have the same names."""
    values, missing = (np.concatenate(some) for some in zip(*((p.values, p.is_missing) for p in parts)))
    return Column(values, parts[0].names, missing)


@dataclass(frozen=True)
class Classes:
    """Class of each image, and what the classes are called."""

    labels: np.ndarray
    """(n,) int64, UNLABELLED where not known."""
    names: tuple[str, ...] = ()

    def among(self, names: Sequence[str]) -> np.ndarray:
        """(n,) whether an image is of one of some classes. UserError lists the classes if one is not."""
        for name in names:
            if name not in self.names:
                hint = f"there are {', '.join(self.names)}" if self.names else "the data have no labels"
                raise UserError(f"no image has the label {name!r}; {hint}")
        return np.isin(self.labels, [self.names.index(name) for name in names])


def of_words(words: np.ndarray) -> Column:
    """A column from an array of words."""
    names, codes = np.unique(words, return_inverse=True)
    return Column(codes.astype(np.int64), tuple(str(name) for name in names))


def find_column(columns: Mapping[str, Column], name: str) -> Column:
    """The column that the user named. Raises UserError with near ones."""
    if name not in columns:
        known = sorted(columns)
        hint = registry.suggestion(name, known) if known else "the data have no columns"
        raise UserError(f"there is no column {name!r}; {hint}")
    return columns[name]


def label_column(columns: Mapping[str, Column], asked: str | None) -> str | None:
    """The column of the classes: the one asked for, `label`, or the only one with names."""
    if asked is not None:
        find_column(columns, asked)
        return asked
    usual = [name for name in LABEL_COLUMNS if name in columns]
    with_names = [name for name, column in columns.items() if column.names]
    return usual[0] if usual else with_names[0] if len(with_names) == 1 else None


def classes(columns: Mapping[str, Column], name: str | None, count: int) -> Classes:
    """The classes in column `name`, numbered from 0; all UNLABELLED without a column.

    Raises UserError for a column of fractions.
    """
    if name is None:
        return Classes(np.full(count, UNLABELLED, np.int64))
    column = columns[name]
    if column.names is not None:
        return _classes_of_names(column.values, column.names, name)
    there = ~column.is_missing
    if column.values.dtype.kind == "f" and (column.values[there] % 1 != 0).any():
        raise UserError(f"column {name!r} holds fractions, not classes; name another with --label")
    known = there & ((column.values != UNLABELLED) | column.binary)
    found, codes = np.unique(column.values[known], return_inverse=True)
    labels = np.full(count, UNLABELLED, np.int64)
    labels[known] = codes
    return Classes(labels, tuple(str(int(value)) for value in found))


def few_labels(labels: np.ndarray, keep: int, names: tuple[str, ...], seed: int) -> np.ndarray:
    """`labels` with all but `keep` of them UNLABELLED: as many of each class, give or take one.

    Raises UserError if there are fewer labelled images, or a class would have none.
    """
    order = np.random.Generator(np.random.PCG64([seed, _LABELS])).permutation(len(labels))
    classes = sorted(set(labels[labels != UNLABELLED].tolist()))
    if not classes:
        raise UserError(f"--labels {keep}, but the data have no labels; name their column with --label")
    if keep < len(classes):
        raise UserError(f"--labels {keep} leaves a class of {len(classes)} without one; keep more")
    kept = np.full_like(labels, UNLABELLED)
    for k, label in enumerate(classes):
        rows = order[labels[order] == label]
        share = keep // len(classes) + (k < keep % len(classes))
        if len(rows) < share:
            raise UserError(
                f"--labels {keep} needs {share} labelled images of class {names[label]}, there are "
                f"{len(rows)}; keep fewer"
            )
        kept[rows[:share]] = label
    return kept


def groups(columns: Mapping[str, Column], name: str | None) -> np.ndarray | None:
    """(n,) which group each image is of, where the user named a column."""
    return None if name is None else np.unique(find_column(columns, name).values, return_inverse=True)[1]


def attributes(
    columns: Mapping[str, Column], used: tuple[str | None, ...]
) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """(n, a) float32 of 0 and 1 from the binary columns that have no other use, and their names."""
    found = {name: c for name, c in columns.items() if name not in used and c.binary}
    if not found:
        return None, ()
    table = np.stack([column.values > 0 for column in found.values()], axis=1)
    return table.astype(np.float32), tuple(found)


def _classes_of_names(values: np.ndarray, names: tuple[str, ...], name: str) -> Classes:
    if len(values) and not (values.min() >= UNLABELLED and values.max() < len(names)):
        raise UserError(
            f"column {name!r} has the value {values.max()}, but names of {len(names)} classes; "
            "name all classes"
        )
    return Classes(values.astype(np.int64), names)
