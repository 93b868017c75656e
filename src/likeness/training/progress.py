"""Progress of a training."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Progress:
    """State of a training after a step: steps made, their total number if known, and images seen."""

    step: int
    total: int | None
    images: int
    line: dict[str, Any] | None
    """The new line of metrics.jsonl, at steps that write one."""


Watcher = Callable[[Progress], None]
"""A function that is called after each step."""
