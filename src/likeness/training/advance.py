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

from likeness.batch import Batch
from likeness.errors import RunError
from likeness.nets import Networks
from likeness.objectives import Losses, Objective, Phase, Step
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

    Which moves of a phase are paused is decided by the objective from costs averaged over all batches.

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
            answers = [_ask(game) for game in games]
        going = [phase is not None for phase, _ in answers]
        games, batches = list(compress(games, going)), list(compress(batches, going))
        phases = [phase for phase, _ in answers if phase is not None]
        reports += [report for phase, report in answers if phase is None]
        if not phases:
            break
        made = _made(objective, phases, batches, t)
        play(made, moves)
        for name in nets.keys() - _moved(objective, made):
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
        phase, report = _ask(game)
        while phase is not None:
            seen |= {f"loss_{name}": loss.detach() for name, loss in phase.losses.items()}
            phase, report = _ask(game)
    for name, net in nets.items():
        net.train(modes[name])
    return seen | {name: value.detach() for name, value in report.items()}


def take_places(objective: Objective, nets: Networks) -> None:
    """Training mode for the players that some move names; the others are frozen, in evaluation mode."""
    moving = {player for players in objective.moves.values() for player in players}
    for name, net in nets.items():
        net.train(name in moving).requires_grad_(name in moving)


def _ask(game: Step) -> tuple[Phase | None, Losses]:
    """The next phase of a game, or None and its report."""
    try:
        return next(game), {}
    except StopIteration as end:
        return None, end.value


def _moved(objective: Objective, phases: Sequence[Losses]) -> set[str]:
    """The players that a phase's moves change."""
    return {player for losses in phases for name in losses for player in objective.moves[name]}


def _mean(reports: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    names = {name: None for report in reports for name in report}
    return {n: torch.stack([r[n].detach() for r in reports if n in r]).mean() for n in names}


def _made(objective: Objective, phases: Sequence[Phase], batches: Sequence[Batch], t: int) -> list[Losses]:
    """The losses of the moves that are made: all but those that the objective pauses, by costs of all
    batches together. Raises RunError if one is not finite."""
    scalars = [scalar for phase in phases for scalar in (*phase.costs.values(), *phase.losses.values())]
    values = iter(
        torch.stack([scalar.detach() for scalar in scalars]).tolist() if scalars else []
    )  # one wait
    costs: dict[str, float] = {}
    read: list[dict[str, float]] = []
    for phase in phases:
        costs |= {name: costs.get(name, 0.0) + next(values) / len(phases) for name in phase.costs}
        read.append({name: next(values) for name in phase.losses})
    paused = objective.paused(costs)
    for losses, batch in zip(read, batches):
        _refuse_not_finite({name: v for name, v in losses.items() if name not in paused}, batch, t)
    return [{name: l for name, l in phase.losses.items() if name not in paused} for phase in phases]


def _refuse_not_finite(losses: Mapping[str, float], batch: Batch, t: int) -> None:
    for name, value in losses.items():
        if not math.isfinite(value):
            ids = ", ".join(map(str, batch.index[:8].tolist()))
            raise RunError(
                f"the loss of {name} is {value} at step {t}, on training images {ids}...; "
                "lower --lr, or look at these images"
            )
