"""The training step: exhaust an objective's generator, playing each phase.

Which statistics a pass uses: a player that some move names is in training mode, so its BatchNorm uses
the statistics of the batch it is given and its running statistics follow each such pass; but after a
phase, the running statistics of every player that the phase did not move are put back as they were.
A player that no move names is in evaluation mode throughout.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import compress

import torch
from torch import Tensor

from likeness.errors import RunError
from likeness.nets import Networks, told
from likeness.objectives import Losses, Objective, Step
from likeness.shapes import Batch
from likeness.training.moves import Move, play
from likeness.training.statistics import put, statistics

Context = Callable[[], AbstractContextManager]


def advance(
    objective: Objective,
    nets: Networks,
    moves: Mapping[str, Move],
    batches: Sequence[Batch],
    t: int,
    precision: Context = nullcontext,
) -> dict[str, Tensor]:
    """Play step `t` on `batches` (more than one accumulates gradients); what the objective reports.

    Where some batches have a phase that others lack, such as one for labels, its gradient is the mean
    over those that have it, and so is each number that is reported. Losses are computed within
    `precision`, gradients outside of it. Raises RunError before any network changes if a loss is not
    finite.
    """
    games = [objective.step(nets, batch, t) for batch in batches]
    reports: list[Losses] = []
    while games:
        before = {name: statistics(net) for name, net in nets.items()}
        with precision():
            answers = [_ask(game, batch) for game, batch in zip(games, batches)]
        going = [losses is not None for losses, _ in answers]
        games, batches = list(compress(games, going)), list(compress(batches, going))
        phases = [losses for losses, _ in answers if losses is not None]
        reports += [report for losses, report in answers if losses is None]
        if not phases:
            break
        _refuse_not_finite(phases, batches, t)
        play(phases, moves)
        for name in nets.keys() - _moved(objective, phases):
            put(nets[name], before[name])
    return _mean(reports)


@torch.no_grad()
def watch(
    objective: Objective, nets: Networks, batch: Batch, t: int, precision: Context = nullcontext
) -> dict[str, Tensor]:
    """The same game with nobody moving: losses of each phase and what the objective reports."""
    modes = {name: net.training for name, net in nets.items()}
    for net in nets.values():
        net.eval()
    game, seen = objective.step(nets, batch, t), {}
    with precision():
        while (answer := _ask(game, batch))[0] is not None:
            seen |= {f"loss_{name}": loss.detach() for name, loss in answer[0].items()}
    for name, net in nets.items():
        net.train(modes[name])
    return seen | {name: value.detach() for name, value in answer[1].items()}


def take_places(objective: Objective, nets: Networks) -> None:
    """Training mode for the players that some move names; the others are frozen, in evaluation mode."""
    moving = {player for players in objective.moves.values() for player in players}
    for name, net in nets.items():
        net.train(name in moving).requires_grad_(name in moving)


def _ask(game: Step, batch: Batch) -> tuple[Losses | None, Losses]:
    """The next phase of a game, or None and its report; networks are told the batch's attributes."""
    try:
        with told(batch.attributes):
            return next(game), {}
    except StopIteration as end:
        return None, end.value


def _moved(objective: Objective, phases: Sequence[Losses]) -> set[str]:
    """The players that a phase's moves change."""
    return {player for losses in phases for name in losses for player in objective.moves[name]}


def _mean(reports: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    names = {name: None for report in reports for name in report}
    return {n: torch.stack([r[n].detach() for r in reports if n in r]).mean() for n in names}


def _refuse_not_finite(phases: Sequence[Losses], batches: Sequence[Batch], t: int) -> None:
    found = [(name, loss, b) for losses, b in zip(phases, batches) for name, loss in losses.items()]
    values = torch.stack([loss.detach() for _, loss, _ in found]).tolist() if found else []  # one wait
    for value, (name, _, batch) in zip(values, found):
        if not math.isfinite(value):
            ids = ", ".join(map(str, batch.index[:8].tolist()))
            raise RunError(
                f"the loss of {name} is {value} at step {t}, on training images {ids}...; "
                "lower --lr, or look at these images"
            )
