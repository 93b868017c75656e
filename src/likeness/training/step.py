"""The training step: run an objective's generator to its end and play each phase.

Players of a move are in training mode: BatchNorm normalises with the statistics of the batch and updates
its running statistics. After a phase, the running statistics of all players that it did not change are
restored. Players of no move stay in evaluation mode.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor

from likeness.batch import Batch
from likeness.errors import RunError, UserError
from likeness.nets import Networks
from likeness.objectives import AdaptiveLoss, Objective, Phase
from likeness.training.buffers import restore_buffers, save_buffers
from likeness.training.moves import Move, MoveLosses, play
from likeness.training.phases import next_phase, start_step

Context = Callable[[], AbstractContextManager]


def advance(
    objective: Objective,
    nets: Networks,
    moves: Mapping[str, Move],
    batches: Sequence[Batch],
    t: int,
    precision: Context = nullcontext,
) -> dict[str, Tensor]:
    """Play step `t` on `batches`, whose gradients are averaged; returns the objective's report.

    The objective decides from costs averaged over all batches which moves of a phase are paused. Losses and
    reported numbers are averaged over the batches that have samples for them; without any, the move is not
    made. Losses are computed in the context `precision`, gradients outside of it.

    Raises RunError, before any network changes, if a loss is not finite, and UserError for an invalid step.
    """
    games = [start_step(objective, nets, batch, t) for batch in batches]
    while True:
        buffers = {name: save_buffers(net) for name, net in nets.items()}
        with precision():
            results = [next_phase(objective, game) for game in games]
        phases = [phase for phase, _ in results if phase is not None]
        if not phases:
            break
        if len(phases) < len(games):
            raise UserError(
                f"the step of {objective.name} has more phases for one batch than for another; "
                "yield as many for every batch"
            )
        losses = _select_losses(objective, phases, batches, t)
        play(losses, moves)
        if phases[0].running:
            nets.update_running(_mean([phase.running for phase in phases]))
        for name in nets.keys() - _moved_players(objective, losses):
            restore_buffers(nets[name], buffers[name])
    return _mean([report for _, report in results])


@torch.no_grad()
def validate(
    objective: Objective, nets: Networks, batch: Batch, t: int, precision: Context = nullcontext
) -> dict[str, Tensor]:
    """Losses of all phases and the report of step `t` on a validation batch; no network changes."""
    modes = {name: net.training for name, net in nets.items()}
    for net in nets.values():
        net.eval()
    game, losses = start_step(objective, nets, batch, t), {}
    with precision():
        phase, report = next_phase(objective, game)
        while phase is not None:
            with_samples = _losses_with_samples(phase)
            losses |= {f"loss_{name}": total_loss(loss).detach() for name, loss in with_samples.items()}
            phase, report = next_phase(objective, game)
    for name, net in nets.items():
        net.train(modes[name])
    return losses | {name: value.detach() for name, value in report.items()}


def set_modes(objective: Objective, nets: Networks) -> None:
    """Set the players of moves to training mode; freeze the others in evaluation mode."""
    moving = {player for players in objective.moves.values() for player in players}
    for name, net in nets.items():
        net.train(name in moving).requires_grad_(name in moving)


def _moved_players(objective: Objective, phases: Sequence[MoveLosses]) -> set[str]:
    """The players that the moves of a phase change."""
    return {player for losses in phases for name in losses for player in objective.moves[name]}


def _mean(reports: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Means over the reports of all batches, without values that are not numbers."""
    return {name: torch.stack([r[name].detach() for r in reports]).nanmean(0) for name in reports[0]}


def total_loss(loss: Tensor | AdaptiveLoss) -> Tensor:
    """The loss of a move as one number."""
    return loss.total if isinstance(loss, AdaptiveLoss) else loss


def _losses_with_samples(phase: Phase) -> dict[str, Tensor | AdaptiveLoss]:
    """The losses of a phase that have at least one sample."""
    without = {name for name, count in phase.sample_counts.items() if not count}
    return {name: loss for name, loss in phase.losses.items() if name not in without}


def _select_losses(
    objective: Objective, phases: Sequence[Phase], batches: Sequence[Batch], t: int
) -> list[MoveLosses]:
    """For each batch, the losses of the moves that are made: not paused, and with samples. Raises RunError
    if one is not finite."""
    values = _values(phases)
    costs = {name: sum(costs[name] for costs, _, _ in values) / len(values) for name in phases[0].costs}
    paused = objective.paused_moves(costs)
    selected: list[MoveLosses] = []
    for phase, batch, (_, sample_counts, losses) in zip(phases, batches, values):
        omitted = paused | {name for name, count in sample_counts.items() if not count}
        _check_finite({name: v for name, v in losses.items() if name not in omitted}, batch, t)
        selected.append({name: loss for name, loss in phase.losses.items() if name not in omitted})
    return selected


def _values(phases: Sequence[Phase]) -> list[tuple[dict[str, float], ...]]:
    """Costs, sample counts and losses of each phase as numbers, with one wait for the device."""
    groups = [
        group
        for phase in phases
        for group in (
            phase.costs,
            phase.sample_counts,
            {k: total_loss(loss) for k, loss in phase.losses.items()},
        )
    ]
    scalars = [scalar.detach().double() for group in groups for scalar in group.values()]
    values = iter(torch.stack(scalars).tolist() if scalars else [])
    numbers = [{name: next(values) for name in group} for group in groups]
    return [tuple(numbers[k : k + 3]) for k in range(0, len(numbers), 3)]


def _check_finite(losses: Mapping[str, float], batch: Batch, t: int) -> None:
    """Raises RunError, with the indices of some images, if a loss is not finite."""
    for name, value in losses.items():
        if not math.isfinite(value):
            ids = ", ".join(map(str, batch.index[:8].tolist()))
            raise RunError(
                f"the loss of {name} is {value} at step {t}, on training images {ids}...; "
                "lower --lr, or look at these images"
            )
