"""What is said of a training while it goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Progress:
    """What is said of a training after each step."""

    step: int
    total: int | None
    images: int
    line: dict[str, Any] | None
    """The newest line of metrics, at the steps that write one."""


Watcher = Callable[[Progress], None]
