"""Tiny trainings by command, and what a command answers."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

TINY = ["--net", "mlp", "--net.hidden", "16", "--steps", "4", "--batch", "8", "--latent", "3"]
DIGITS = ["--data", "digits", *TINY]


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


Likeness = Callable[..., Said]
"""Gives a command, word by word."""


def done(said: Said) -> Said:
    """The answer of a command that did what it was told."""
    assert said.code == 0, said
    return said


def refused(said: Said) -> str:
    """The one line of a refusal, a fact and a remedy; nothing is printed besides."""
    assert (said.code, said.out) == (2, ""), said
    assert said.err.count("\n") == 1 and said.err.startswith("likeness: ") and "; " in said.err, said
    return said.err


def nearly(a: np.ndarray, b: np.ndarray) -> bool:
    """The same whole numbers, but for rounding."""
    return a.shape == b.shape and bool(np.abs(a.astype(int) - b.astype(int)).max() <= 1)
