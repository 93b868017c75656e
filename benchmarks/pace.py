"""How a contender is timed from within: it calls `tick` after each step, and waits where a block ends."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any


class Over(BaseException):
    """No more blocks are asked for; past every `except Exception` of a trainer."""


class Pace:
    """Counts steps; after the first ones, and after each block, says so and waits to be asked again."""

    def __init__(self, warm: int, block: int) -> None:
        self.warm, self.block = warm, block
        self.count = 0
        self.about: dict[str, Any] = {}
        """What a contender says of itself beside its times, such as the operations of one step."""
        # Whatever a trainer prints goes elsewhere: this pipe is for answers.
        self.answers = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)
        sys.stdout = sys.stderr

    def tick(self) -> None:
        """One step is done."""
        self.count += 1
        if self.count == self.warm:
            self._say({"ready": True} | self.about)
            self._wait()
        elif self.count == self.warm + self.block:
            self.count = self.warm
            used = time.process_time() - self.used
            self._say({"seconds": time.perf_counter() - self.begun, "cpu_seconds": used})
            self._wait()

    def run(self, step: Callable[[], Any]) -> None:
        """Step for as long as is asked for."""
        while True:
            step()
            self.tick()

    def _say(self, answer: dict[str, Any]) -> None:
        now = {"mib_at_most": most_memory(), "mib": memory()}
        print(json.dumps(answer | now), file=self.answers, flush=True)

    def _wait(self) -> None:
        if sys.stdin.readline().strip() != "go":
            raise Over
        self.begun, self.used = time.perf_counter(), time.process_time()


def most_memory() -> float:
    """The most memory this process ever held, in MiB."""
    # Not ru_maxrss: that of a child begins with what its parent held.
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))  # noqa: SIM115
    return int(status["VmHWM"].split()[0]) / 1024


def memory() -> float:
    """The memory this process holds now, in MiB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20
