"""Signals that ask for an end: a training finishes its step, saves, and stops."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from likeness.errors import Stopped

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1")
SIGNALS = tuple(signal.Signals[name] for name in _NAMES if hasattr(signal, name))
"""Ctrl-C, the end of a job, a terminal that is closed, and what batch systems send before their limit."""


class Stop:
    """Whether a signal asked for an end, and which."""

    number: int | None = None

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Remember the signal. A second one ends the program at once; only the work since the last save is
        lost."""
        if self.number is not None:
            raise Stopped("stopped at once; the last checkpoint is intact", number)
        self.number = number


@contextmanager
def defer_signals() -> Iterator[Stop]:
    """Within this, signals are remembered instead of ending the program; a thread other than the main one
    receives none."""
    stop = Stop()
    before = listen(stop.receive) if threading.current_thread() is threading.main_thread() else {}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def listen(handler: Callable[[int, FrameType | None], None]) -> dict[signal.Signals, Any]:
    """Call a handler for each signal, and return the previous handlers. SIGHUP stays ignored if it is, as
    under nohup."""
    left = {
        number
        for number in SIGNALS
        if number.name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN
    }
    return {number: signal.signal(number, handler) for number in SIGNALS if number not in left}


def end_with_one_line(number: int, frame: FrameType | None) -> None:
    """The handler of a signal while there is nothing to save: print one line and exit."""
    raise Stopped(f"stopped by {signal.Signals(number).name}; nothing was left half-written", number)
