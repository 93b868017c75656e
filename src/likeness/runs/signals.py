"""Ctrl-C and SIGTERM: a training finishes its step, saves, and ends."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from likeness.errors import Stopped

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Whether a signal asked for an end, and which."""

    number: int | None = None

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Remember the signal; a second one ends at once, and only the work since a save is lost."""
        if self.number is not None:
            raise Stopped("stopped at once; the last checkpoint is intact", number)
        self.number = number


@contextmanager
def deferred() -> Iterator[Stop]:
    """Within this, signals are remembered instead of ending the program."""
    stop = Stop()
    before = {number: signal.signal(number, stop.receive) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_with_one_line(number: int, frame: FrameType | None) -> None:
    """What a command does with a signal while it has nothing to save."""
    raise Stopped(f"stopped by {signal.Signals(number).name}; nothing was left half-written", number)
