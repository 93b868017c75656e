"""The training step: exhaust an objective's generator, playing each phase.

Which statistics a pass uses: a player that some move names is in training mode, so its BatchNorm uses
the statistics of the batch it is given and its running statistics follow each such pass; but after a
phase, the running statistics of every player that the phase did not move are put back as they were.
A player that no move names is in evaluation mode throughout.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor

from likeness.batch import Batch
from likeness.errors import RunError, UserError
from likeness.nets import Networks
from likeness.objectives import Adaptive, Objective, Phase
from likeness.training.buffers import restore_buffers, save_buffers
from likeness.training.moves import Move, MoveLosses, play
from likeness.training.phases import ask, begin

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

    A loss that is of no sample of some batches, such as one of labels, is the mean over the others, and
    so is each number that is reported; of no sample at all, its move is not made. Losses are computed
    within `precision`, gradients outside of it. Raises RunError before any network changes if a loss is
    not finite, UserError for a step that is none.
    """
    games = [begin(objective, nets, batch, t) for batch in batches]
    while True:
        before = {name: save_buffers(net) for name, net in nets.items()}
        with precision():
            answers = [ask(objective, game) for game in games]
        phases = [phase for phase, _ in answers if phase is not None]
        if not phases:
            break
        if len(phases) < len(games):
            raise UserError(
                f"the step of {objective.name} has more phases for one batch than for another; yield the "
                "same for every batch"
            )
        made = _made(objective, phases, batches, t)
        play(made, moves)
        if phases[0].running:
            nets.follow(_mean([phase.running for phase in phases]))
        for name in nets.keys() - _moved(objective, made):
            restore_buffers(nets[name], before[name])
    return _mean([report for _, report in answers])


@torch.no_grad()
def validate(
    objective: Objective, nets: Networks, batch: Batch, t: int, precision: Context = nullcontext
) -> dict[str, Tensor]:
    """The same game with nobody moving: losses of each phase and what the objective reports."""
    modes = {name: net.training for name, net in nets.items()}
    for net in nets.values():
        net.eval()
    game, seen = begin(objective, nets, batch, t), {}
    with precision():
        phase, report = ask(objective, game)
        while phase is not None:
            seen |= {f"loss_{name}": total(loss).detach() for name, loss in _of_samples(phase).items()}
            phase, report = ask(objective, game)
    for name, net in nets.items():
        net.train(modes[name])
    return seen | {name: value.detach() for name, value in report.items()}


def set_modes(objective: Objective, nets: Networks) -> None:
    """Training mode for the players that some move names; the others are frozen, in evaluation mode."""
    moving = {player for players in objective.moves.values() for player in players}
    for name, net in nets.items():
        net.train(name in moving).requires_grad_(name in moving)


def _moved(objective: Objective, phases: Sequence[MoveLosses]) -> set[str]:
    """The players that a phase's moves change."""
    return {player for losses in phases for name in losses for player in objective.moves[name]}


def _mean(reports: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    return {name: torch.stack([r[name].detach() for r in reports]).nanmean(0) for name in reports[0]}


def total(loss: Tensor | Adaptive) -> Tensor:
    """The number that a move's loss is."""
    return loss.total if isinstance(loss, Adaptive) else loss


def _of_samples(phase: Phase) -> dict[str, Tensor | Adaptive]:
    """The losses of a phase that are of a sample at least."""
    none = {name for name, count in phase.samples.items() if not count}
    return {name: loss for name, loss in phase.losses.items() if name not in none}


def _made(
    objective: Objective, phases: Sequence[Phase], batches: Sequence[Batch], t: int
) -> list[MoveLosses]:
    """The losses of the moves that are made: all but those that the objective pauses, by costs of all
    batches together, and those that are of no sample. Raises RunError if one is not finite."""
    read = _values(phases)
    costs = {name: sum(costs[name] for costs, _, _ in read) / len(read) for name in phases[0].costs}
    paused = objective.paused(costs)
    made: list[MoveLosses] = []
    for phase, batch, (_, samples, losses) in zip(phases, batches, read):
        out = paused | {name for name, count in samples.items() if not count}
        _refuse_not_finite({name: v for name, v in losses.items() if name not in out}, batch, t)
        made.append({name: loss for name, loss in phase.losses.items() if name not in out})
    return made


def _values(phases: Sequence[Phase]) -> list[tuple[dict[str, float], ...]]:
    """The costs, samples and losses of phases as numbers; the device is waited for once."""
    groups = [
        group
        for phase in phases
        for group in (phase.costs, phase.samples, {k: total(loss) for k, loss in phase.losses.items()})
    ]
    scalars = [scalar.detach().double() for group in groups for scalar in group.values()]
    values = iter(torch.stack(scalars).tolist() if scalars else [])
    read = [{name: next(values) for name in group} for group in groups]
    return [tuple(read[k : k + 3]) for k in range(0, len(read), 3)]


def _refuse_not_finite(losses: Mapping[str, float], batch: Batch, t: int) -> None:
    for name, value in losses.items():
        if not math.isfinite(value):
            ids = ", ".join(map(str, batch.index[:8].tolist()))
            raise RunError(
                f"the loss of {name} is {value} at step {t}, on training images {ids}...; "
                "lower --lr, or look at these images"
            )
