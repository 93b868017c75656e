"""Processes that share a batch, made up: each is a thread, and they wait for one another."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from likeness.batch import Batch, Parts
from likeness.noise import SeededNoise


class Together:
    """A sum that all take part in."""

    def __init__(self, processes: int) -> None:
        self.barrier = threading.Barrier(processes, timeout=60)
        self.given: list[Tensor] = [torch.empty(0)] * processes

    def add(self, rank: int, value: Tensor) -> Tensor:
        """The sum of what each gives, when the last has given."""
        self.given[rank] = value
        self.barrier.wait()
        total = torch.stack(list(self.given)).sum(0)
        self.barrier.wait()
        return total


class Threads(Parts):
    """The part of one thread."""

    def __init__(self, together: Together, rank: int, sizes: Sequence[int]) -> None:
        self.together, self.rank = together, rank
        self.processes, self.start, self.size = len(sizes), sum(sizes[:rank]), sum(sizes)

    def add(self, value: Tensor) -> Tensor:
        return self.together.add(self.rank, value)


def parts_of(batch: Batch, sizes: Sequence[int]) -> list[Batch]:
    """The parts of a batch, with its noise."""
    together = Together(len(sizes))
    return [part_of(batch, Threads(together, rank, sizes), n) for rank, n in enumerate(sizes)]


def part_of(batch: Batch, parts: Parts, n: int) -> Batch:
    """`n` samples of a batch, from where the part begins."""
    rows = slice(parts.start, parts.start + n)
    valid = None if batch.valid is None else batch.valid[rows]
    assert isinstance(batch.noise, SeededNoise)
    noise = replace(batch.noise, start=parts.start, size=parts.size)
    x, labels, index = batch.x[rows], batch.labels[rows], batch.index[rows]
    return replace(batch, x=x, labels=labels, index=index, valid=valid, noise=noise, parts=parts)


def in_threads(use: Callable[[Batch], Any], parts: Sequence[Batch]) -> list[Any]:
    """What each makes of its part, all at once."""
    made: list[Any] = [None] * len(parts)

    def make(rank: int) -> None:
        made[rank] = use(parts[rank])

    threads = [threading.Thread(target=make, args=(rank,)) for rank in range(len(parts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found is not None for found in made), "a part failed"
    return made
