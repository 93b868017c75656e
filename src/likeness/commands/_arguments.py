"""Types of arguments that several verbs take: each has one name, one help and one check everywhere."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, Lt
from pydantic import BeforeValidator

from likeness.settings import Count, Metavar


@dataclass(frozen=True)
class Help:
    """Marks a type with the help of an argument of it: a text, or a function that makes one."""

    text: str | Callable[[], str]


@dataclass(frozen=True)
class Short:
    """Marks an option with a short spelling, `-n`."""

    text: str


@dataclass(frozen=True)
class Pair:
    """Marks an option whose value is two words; it may be repeated."""


def path_text(value: Any) -> Any:
    """A path as text; other values stay."""
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def _paths(value: Any) -> Any:
    """Paths as a list of texts, one path as a list of it."""
    if isinstance(value, str | os.PathLike):
        return [path_text(value)]
    return [path_text(item) for item in value] if isinstance(value, list | tuple) else value


def _condition(value: Any) -> Any:
    """`"Smiling,age:30"` as `{"Smiling": "1", "age": "30"}`, "" as None; other values stay."""
    if not isinstance(value, str):
        return value
    parts = [part.partition(":") for part in value.split(",") if part.strip()]
    return {name.strip(): text.strip() or "1" for name, _, text in parts} or None


def _amounts(value: Any) -> Any:
    """`"Smiling:1.5,Male:-1,Hat"` as numbers by name, where a name alone has 1; other values stay. Raises
    ValueError if one is no number."""
    if not isinstance(value, str):
        return value
    parts = [part.partition(":") for part in value.split(",")]
    try:
        return {name.strip(): float(text or 1) for name, _, text in parts}
    except ValueError:
        raise ValueError("write names with numbers, Smiling:1.5,Male:-1") from None


def _items(value: Any) -> Any:
    """`"a,b"` as a list of texts; other values stay."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _whole_numbers(value: Any) -> Any:
    """`"3,5"`, 3 or a sequence as a list of whole numbers; None stays. Raises ValueError for others."""
    if value is None:
        return None
    parts = [value] if isinstance(value, int) else _items(value)
    try:
        numbers = [int(part) for part in parts]
    except (TypeError, ValueError):
        raise ValueError("write whole numbers, 3,5") from None
    if min(numbers, default=0) < 0:
        raise ValueError("write numbers from 0, 3,5")
    return numbers


RunPath = Annotated[
    str, BeforeValidator(path_text), Metavar("RUN"), Help("A run, or one of its checkpoints.")
]
"""A run, or a checkpoint of one."""
DataArgument = Annotated[
    str | None,
    BeforeValidator(path_text),
    Metavar("DATA"),
    Help("Where the run's data are now, or other images of the same shape; by default where they were."),
]
"""Data other than the run's own, or its own in another place."""
OwnData = Annotated[
    str, BeforeValidator(path_text), Metavar("DATA"), Help("Images, as in `likeness train --data`.")
]
"""Any data."""
Split = Annotated[Literal["train", "validation", "test"], Help("Images to use.")]
"""A part of a data set."""
AnySplit = Annotated[Literal["train", "validation", "test", "all"], Help("Images to use.")]
"""A part of a data set, or all of it."""
OutImages = Annotated[
    str,
    BeforeValidator(path_text),
    Metavar("PATH"),
    Help("Where to write images: x.png, x.npy, x.npz or a directory."),
]
"""Where images are written."""
OutFile = Annotated[str, BeforeValidator(path_text), Metavar("FILE"), Help("File to write.")]
"""Where one file is written."""
OutDirectory = Annotated[str, BeforeValidator(path_text), Metavar("DIR"), Help("Directory to write.")]
"""A directory that is written."""
InputFile = Annotated[str, BeforeValidator(path_text), Metavar("FILE")]
"""A file to read."""
ImagePaths = Annotated[list[str], BeforeValidator(_paths), Metavar("IMAGE"), Help("Image files.")]
"""Image files."""
MetricRun = Annotated[
    str | None,
    BeforeValidator(path_text),
    Metavar("RUN"),
    Help("A run or a saved metric whose learned metric is used; by default the run's own."),
]
"""The run whose learned metric measures."""
Texts = Annotated[list[str], BeforeValidator(_paths), Metavar("NAME")]
"""Several names or paths."""
MetricRuns = Annotated[list[str], BeforeValidator(_paths), Metavar("RUN")]
"""Several of them."""
Layers = Annotated[
    str | None,
    Metavar("LAYER:X,..."),
    Help("Layers of the discriminator and their weights, conv2:0.5,conv3; by default the run's."),
]
"""Layers of a learned metric."""
MaxImages = Annotated[
    Annotated[int, Ge(2)] | None,
    Metavar("N"),
    Help("Use at most N images, drawn at random, always the same ones; by default all."),
]
"""A limit on the number of images."""
MaxSearched = Annotated[
    int, Ge(2), Metavar("N"), Help("Use at most N images, drawn at random, always the same ones.")
]
"""A limit on the number of images that has a default."""
Seed = Annotated[int, Ge(0), Lt(2**31), Metavar("N"), Help("Random seed.")]
"""A random seed."""
Device = Annotated[
    str, Metavar("NAME"), Help("Device to compute on: auto (a GPU if there is one), cpu, cuda or cuda:1.")
]
"""Where a verb computes."""
Condition = Annotated[
    Any,
    BeforeValidator(_condition),
    Metavar("NAME:X,..."),
    Help("Condition of the images, of a run with conditions: Smiling:1,age:30,hair:blond."),
]
"""A condition."""
Amounts = Annotated[Any, BeforeValidator(_amounts), Metavar("NAME:X,...")]
"""Numbers by name."""
Numbers = Annotated[Any, BeforeValidator(_whole_numbers), Metavar("K,...")]
"""Whole numbers from 0, `3,5`."""
Words = Annotated[Any, BeforeValidator(_items), Metavar("NAME,...")]
"""Names, `a,b`."""
Interpolation = Annotated[
    Literal["linear", "spherical"],
    Help("Along a straight line between codes, or along a circle around the origin."),
]
"""How codes between two codes are found."""
Frames = Annotated[int, Ge(2), Metavar("N"), Help("Number of images from one to the next.")]
"""A number of images with a first and a last."""
Borrow = Annotated[
    dict[str, str],
    Pair(),
    Metavar("PLAYER RUN"),
    Help("Take a trained network from another run, such as `discriminator runs/gan`; may be repeated."),
]
"""Runs by the player that comes from them."""
Seeds = Annotated[Count, Help("Number of trainings of each, with seeds 0, 1, ...")]
"""A number of trainings."""
