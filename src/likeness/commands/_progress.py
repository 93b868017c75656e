"""Progress of a long job on stderr: a bar in a terminal, a line every so often in a file; and what is said
while a verb runs."""

import sys
import time
import warnings
from contextvars import ContextVar
from typing import Any

from tqdm import tqdm

LINE_INTERVAL = 30.0
"""Seconds between two lines where stderr is no terminal."""
SHOWN_LOSSES = ("llike", "features", "pixels", "gan", "prior")
"""Losses that a bar or a line has, where the training has them."""
quiet: ContextVar[bool] = ContextVar("quiet", default=False)
"""Whether neither progress nor announcements are shown."""


def announce(line: str) -> None:
    """Print a line at once, before the verb ends; nothing under `--quiet` or `--json`."""
    if not quiet.get():
        print(line, flush=True)


class Progress:
    """Progress of trainings, one after another: losses, images per second, time left. Warnings stand above
    the bar."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None
        self._first, self._step = 0, 0
        self._began, self._next_line = 0.0, 0.0
        self._values = dict[str, str]()
        self._show_warning = warnings.showwarning

    def __enter__(self) -> "Progress":
        self._show_warning = warnings.showwarning
        warnings.showwarning = self._warn
        return self

    def __exit__(self, *_: object) -> None:
        warnings.showwarning = self._show_warning
        if self._bar is not None:
            self._bar.close()

    def show(self, progress: Any) -> None:
        """Take in one step, a `training.progress.Progress`."""
        if quiet.get():
            return
        if self._bar is None or progress.step <= self._step:  # a first step, or that of another run
            self._start(progress)
        self._step = progress.step
        if sys.stderr.isatty():
            self._draw(progress)
        elif progress.step == progress.total or time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + LINE_INTERVAL
            self._write(progress)

    def _start(self, progress: Any) -> None:
        """Begin the bar of a training; where stderr is no terminal, it only keeps the time."""
        first = progress.step - 1
        self._bar = tqdm(
            total=progress.total, initial=first, file=sys.stderr, unit="step", dynamic_ncols=True,
            mininterval=0.5, disable=not sys.stderr.isatty(),
        )  # fmt: skip
        self._first, self._began, self._values = first, time.monotonic(), {}
        self._next_line = time.monotonic() + LINE_INTERVAL

    def _draw(self, progress: Any) -> None:
        """The bar after a step."""
        assert self._bar is not None
        self._bar.update()
        if progress.line:
            self._bar.set_postfix(_values(progress.line))

    def _write(self, progress: Any) -> None:
        """One line, without carriage returns."""
        self._values = _values(progress.line) if progress.line else self._values
        total = f"/{progress.total:,}" if progress.total else ""
        seconds = time.monotonic() - self._began
        parts = [f"step {progress.step:,}{total}", f"{tqdm.format_interval(seconds)} elapsed"]
        if progress.total:
            left = seconds / (progress.step - self._first) * (progress.total - progress.step)
            parts.append(f"{tqdm.format_interval(left)} left")
        parts += [f"{name} {value}" for name, value in self._values.items()]
        print(", ".join(parts), file=sys.stderr, flush=True)

    def _warn(self, *warning: Any) -> None:
        """A warning in a line of its own above the bar."""
        with tqdm.external_write_mode(file=sys.stderr):
            self._show_warning(*warning)


def _values(line: dict[str, Any]) -> dict[str, str]:
    """What is shown of a line of metrics."""
    losses = {name: f"{line[name]:.3g}" for name in SHOWN_LOSSES if name in line}
    return losses | {"img/s": f"{line['images_per_second']:.0f}"}
