"""Contenders side by side: a process each, asked for blocks of steps in turns."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass
class Contender:
    """Who is timed, and how."""

    name: str
    function: str
    """`module.function` in `benchmarks/contenders`."""
    options: dict[str, Any] = field(default_factory=dict)
    images: int = 1
    """Images of a step."""
    block: int = 1
    """Steps of a block."""
    warm: int = 1
    """Steps before the first block."""


@dataclass
class Timed:
    """What was measured of one contender."""

    contender: Contender
    seconds: list[float]
    """Of a step, one for each turn."""
    cpu_seconds: list[float]
    mib: list[float]
    """Memory after each turn."""
    mib_at_most: float
    operations: float | None

    def speed(self, turn: int) -> float:
        """Images a second."""
        return self.contender.images / self.seconds[turn]

    def document(self) -> dict[str, Any]:
        """As JSON."""
        per_second = [self.contender.images / s for s in self.seconds]
        return {
            "seconds_per_step": self.seconds,
            "cpu_seconds_per_step": self.cpu_seconds,
            "images_per_second": median(per_second),
            "mib": self.mib,
            "mib_at_most": self.mib_at_most,
            "operations_per_step": self.operations,
        }


@dataclass(frozen=True)
class Ratio:
    """How many times as fast one contender is as another, turn by turn."""

    values: list[float]
    of_processor_time: float
    """The same of processor time, which what else runs on the machine disturbs less: a median too."""

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.values)

    def __str__(self) -> str:
        spread = f"{min(self.values):.2f} to {max(self.values):.2f}"
        return f"{self.middle:.2f} x ({spread}; of processor time {self.of_processor_time:.2f} x)"


def ratio(one: Timed, other: Timed) -> Ratio:
    """Of their speeds in the same turns."""
    share = one.contender.images / other.contender.images
    used = [share * theirs / mine for mine, theirs in zip(one.cpu_seconds, other.cpu_seconds)]
    return Ratio([one.speed(k) / other.speed(k) for k in range(len(one.seconds))], median(used))


class Process:
    """A contender that is alive."""

    def __init__(self, contender: Contender, threads: int, cores: str | None) -> None:
        self.contender = c = contender
        self.said = tempfile.TemporaryFile("w+")  # noqa: SIM115 - a pipe that nobody reads would fill
        words = [
            sys.executable,
            "-m",
            "benchmarks.worker",
            *c.function.split("."),
            str(c.warm),
            str(c.block),
        ]
        pinned = ["taskset", "-c", cores] if cores else []
        self.process = subprocess.Popen(
            [*pinned, *words, json.dumps(c.options)],
            env=os.environ | {"OMP_NUM_THREADS": str(threads)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, text=True,
        )  # fmt: skip
        self.first = self._answer()

    def block(self) -> dict[str, Any]:
        """Ask for a block and wait for it."""
        self._tell("go")
        return self._answer()

    def end(self) -> None:
        """No more."""
        self._tell("stop")
        self.process.communicate()

    def _tell(self, word: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.said.seek(0)
            raise RuntimeError(f"{self.contender.name} ended:\n{self.said.read().strip()[-2000:]}")
        return json.loads(line)


def timed(contenders: Sequence[Contender], turns: int, threads: int, cores: str | None) -> dict[str, Timed]:
    """Every contender, in turns A B C A B C. Raises RuntimeError with the last words of one that fails."""
    processes = []
    try:
        for contender in contenders:  # one after the other, so that no warm-up disturbs another
            processes.append(Process(contender, threads, cores))
        answers: list[list[dict[str, Any]]] = [[] for _ in processes]
        for _ in range(turns):
            for process, told in zip(processes, answers):
                told.append(process.block())
    finally:
        for process in processes:
            if process.process.poll() is None:
                process.end()
    return {p.contender.name: _summed(p, told) for p, told in zip(processes, answers)}


def _summed(process: Process, told: list[dict[str, Any]]) -> Timed:
    c = process.contender
    return Timed(
        c,
        [answer["seconds"] / c.block for answer in told],
        [answer["cpu_seconds"] / c.block for answer in told],
        [answer["mib"] for answer in told],
        told[-1]["mib_at_most"],
        process.first.get("operations"),
    )
