"""Tiny trainings by command, and what a command answers."""

from typing import NamedTuple

TINY = ["--net", "mlp", "--net.hidden", "16", "--steps", "4", "--batch", "8", "--latent", "3"]


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str
