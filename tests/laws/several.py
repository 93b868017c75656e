"""A batch that several processes share, played by threads: what each computes of its part, and the sum."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Barrier, Thread
from typing import Any

import torch
from torch import Tensor

from laws.games import game
from likeness.batch import Batch, Parts
from likeness.gradients import gradient
from likeness.nets import Networks
from likeness.noise import SeededNoise
from likeness.objectives import Objective, Phase
from likeness.training.loop import noise_of

TIMEOUT = 60
Share = Callable[[Batch, Parts], Batch]


@dataclass
class Shared(Parts):
    """One thread's part of a batch."""

    processes: int
    start: int
    size: int
    rank: int
    barrier: Barrier
    values: list[Any]
    """What each thread adds at the moment."""

    def add(self, value: Tensor) -> Tensor:
        """The sum over threads, in their order."""
        self.values[self.rank] = value
        self.barrier.wait(TIMEOUT)
        total = torch.stack([torch.as_tensor(v) for v in self.values]).sum(0)
        self.barrier.wait(TIMEOUT)
        return total


@dataclass
class Played:
    """A step in which nobody moves."""

    gradients: list[dict[str, Tensor]] = field(default_factory=list)
    """Of each phase: the gradient of each move, as one vector."""
    sums: list[dict[str, Tensor]] = field(default_factory=list)
    """Of each phase: what it is decided by, and of how many samples losses are."""
    report: dict[str, Tensor] = field(default_factory=dict)


def played(objective: Objective, nets: Networks, batch: Batch) -> Played:
    """A step of one process, which sees its own part."""
    made, play = Played(), objective.step(nets, batch, 0)
    while True:
        try:
            phase = next(play)
        except StopIteration as end:
            made.report = {name: value.detach() for name, value in end.value.items()}
            return made
        made.gradients.append(_gradients(objective, nets, phase))
        made.sums.append({k: v.detach() for k, v in (phase.costs | phase.sample_counts).items()})


def _gradients(objective: Objective, nets: Networks, phase: Phase) -> dict[str, Tensor]:
    found = {}
    for name, loss in phase.losses.items():
        assert isinstance(loss, Tensor)
        parameters = [p for player in objective.moves[name] for p in nets[player].parameters()]
        found[name] = torch.cat([g.flatten() for g in gradient(loss, parameters, keep_graph=True)])
    return found


def of_parts(objective: Objective, family: str, batch: Batch, sizes: Sequence[int], share: Share) -> Played:
    """The same step by several threads with parts of these sizes, and all that they made added up."""
    nets, barrier, values = game(objective, family).nets, Barrier(len(sizes)), [None] * len(sizes)
    starts = [sum(sizes[:k]) for k in range(len(sizes))]
    made: list[Any] = [None] * len(sizes)

    def run(k: int) -> None:
        parts = Shared(len(sizes), starts[k], len(batch.x), k, barrier, values)
        try:
            made[k] = played(objective, copy.deepcopy(nets), share(rows(batch, starts[k], sizes[k]), parts))
        except BaseException as error:
            made[k] = error
            barrier.abort()

    threads = [Thread(target=run, args=(k,)) for k in range(len(sizes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for found in made:
        if isinstance(found, BaseException):
            raise found
    return _added(made)


def shared(batch: Batch, parts: Parts) -> Batch:
    """A part of a batch as the engine hands it out."""
    whole = replace(batch, parts=parts)
    beside = batch.labelled and replace(batch.labelled, parts=parts)
    return replace(whole, labelled=beside).with_noise(noise_of(whole, 3, 0))


def rows(batch: Batch, start: int, size: int) -> Batch:
    """Some rows of a batch, and of what is beside it."""

    def cut(value: Any) -> Any:
        return value[start : start + size] if isinstance(value, Tensor) else value

    some = {name: cut(getattr(batch, name)) for name in ("x", "labels", "index", "condition", "valid")}
    beside = batch.labelled and rows(batch.labelled, start, size)
    return replace(batch, **some, labelled=beside)


def of_whole(objective: Objective, family: str, batch: Batch) -> Played:
    """The step by one process that has all of the batch."""
    return played(objective, game(objective, family).nets, batch.with_noise(SeededNoise((3, 0))))


def _added(parts: Sequence[Played]) -> Played:
    total = Played()
    for phases in zip(*(p.gradients for p in parts)):
        total.gradients.append({k: torch.stack([g[k] for g in phases]).sum(0) for k in phases[0]})
    for phases in zip(*(p.sums for p in parts)):
        total.sums.append({k: torch.stack([s[k] for s in phases]).sum(0) for k in phases[0]})
    reports = [p.report for p in parts]
    total.report = {k: torch.stack([r[k] for r in reports]).sum(0) for k in reports[0]}
    return total
