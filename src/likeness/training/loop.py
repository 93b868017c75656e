"""The training loop. All random numbers of a step depend on the seed and the step only: resuming is
exact."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from torch import nn

from likeness.batch import Batch
from likeness.nets import Family, Networks, layers_of
from likeness.noise import Noise, SeededNoise
from likeness.objectives import Objective
from likeness.shapes import Shape
from likeness.training import precision
from likeness.training.averages import Average
from likeness.training.checkpointing import checkpoint_passes
from likeness.training.compiling import compile_passes, use_passes
from likeness.training.moves import Move
from likeness.training.settings import TrainingSettings
from likeness.training.step import advance, set_modes


@runtime_checkable
class Stream(Protocol):
    """A sequence of batches, each a function of its number."""

    def at(self, t: int) -> Batch:
        """Batch number `t`."""
        ...


@dataclass
class State:
    """Everything that training changes: networks, moves, and the average of weights if there is one."""

    nets: Networks
    moves: Mapping[str, Move]
    average: Average | None


def networks(
    objective: Objective, net: Family, shape: Shape, training: TrainingSettings, width: int = 0
) -> Networks:
    """New networks on the device of the training, as a function of the seed, with conditions of `width`
    numbers."""
    device = precision.device(training.device)
    torch.manual_seed(training.seed)
    nets = objective.networks(net, shape, width)
    return nets.to(device, memory_format=layers_of(shape).memory_format)  # type: ignore[call-overload]


def begin(objective: Objective, nets: Networks, training: TrainingSettings) -> State:
    """The initial state of a training: networks in their modes, and moves with new optimizers."""
    set_modes(objective, nets)
    moves = {
        name: _move(name, [nets[p] for p in players], training) for name, players in objective.moves.items()
    }
    return State(nets, moves, Average(nets, training.ema) if training.ema else None)


def _move(name: str, players: list[nn.Module], training: TrainingSettings) -> Move:
    """A move of some players with a new optimizer."""
    parameters = [p for player in players for p in player.parameters()]
    optimizer = training.optimizer.build(parameters, training.rates.get(name, training.lr))
    return Move(name, players, optimizer, training.clip)


def loop(
    objective: Objective,
    state: State,
    batches: Stream,
    training: TrainingSettings,
    start: int,
    total: int | None,
) -> Iterator[tuple[int, dict[str, float | torch.Tensor]]]:
    """Train from step `start` to `total`, or without end if `total` is None.

    Yields after each step the number of steps made and the report of the step.
    """
    device = precision.device(training.device)
    chosen = precision.resolve(training.precision, device)
    context = precision.autocast(chosen, device)
    passes = compile_passes(state.nets, training.compile)
    t = start
    while total is None or t < total:
        set_rates(state.moves, training, t / total if total else 0.0)
        micro_batches = [_micro_batch(batches, training, t, i) for i in range(training.accumulate)]
        with (
            precision.default_device(device),
            precision.set_tf32(chosen),
            use_passes(state.nets, passes),
            checkpoint_passes(state.nets, training.gradient_checkpointing),
        ):
            seed_noise(training.seed, t)
            report = advance(objective, state.nets, state.moves, micro_batches, t, context)
        t += 1
        if state.average:
            state.average.update(state.nets, t)
        yield t, report | {f"grad_{name}": move.norm for name, move in state.moves.items()}


def _micro_batch(batches: Stream, training: TrainingSettings, t: int, i: int) -> Batch:
    """Micro-batch `i` of step `t` with its noise."""
    batch = batches.at(t * training.accumulate + i)
    return batch.with_noise(noise_of(batch, training.seed, t, i))


def noise_of(batch: Batch, *key: Any) -> Noise:
    """The noise of a batch as a function of a key, such as (seed, step)."""
    parts = batch.parts
    start, size = (parts.start, parts.size) if parts else (0, None)
    return SeededNoise(key, batch.x.device, start, size)


def seed_noise(seed: int, t: int) -> None:
    """Seed PyTorch's global generator, from which layers such as dropout draw, with `seed` and `t`."""
    torch.manual_seed(int(np.random.SeedSequence([seed, t]).generate_state(1, np.uint64)[0] >> 1))


def set_rates(moves: Mapping[str, Move], training: TrainingSettings, progress: float) -> None:
    """Set the learning rate of each move after the fraction `progress`, in [0, 1], of the training."""
    factor = training.schedule.factor(progress)
    for name, move in moves.items():
        for group in move.optimizer.param_groups:
            group["lr"] = training.rates.get(name, training.lr) * factor
