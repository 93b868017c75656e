"""A run stopped and resumed at any step is bit-identical to one that was not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from laws.games import FAMILIES, METHODS, SHAPE, objective_of
from likeness.batch import Batch
from likeness.objectives import Objective
from likeness.runs import checkpoints
from likeness.training.loop import State, begin, loop, networks
from likeness.training.settings import TrainingSettings

STEPS = 4
VARIANTS: list[dict[str, Any]] = [
    {},
    {"optimizer": {"name": "adamw"}, "ema": 0.9, "clip": 0.5},
    {"optimizer": {"name": "rmsprop"}, "accumulate": 2, "schedule": {"name": "cosine"}},
    {"precision": "bfloat16", "ema": 0.5},
]


class Made:
    """Batches made up, each a function of its number."""

    def at(self, t: int) -> Batch:
        """Batch `t`."""
        x = torch.rand(6, *SHAPE, generator=torch.Generator().manual_seed(t)) * 2 - 1
        return Batch(x, torch.arange(6) % 3, torch.arange(6))


def begun(objective: Objective, training: TrainingSettings, family: str = "larsen") -> State:
    """Fresh networks and moves."""
    return begin(objective, networks(objective, FAMILIES[family], SHAPE, training), training)


def train(objective: Objective, state: State, training: TrainingSettings, start: int, end: int) -> None:
    """Steps from `start` to `end` of STEPS."""
    for t, _ in loop(objective, state, Made(), training, start, STEPS):
        if t == end:
            return


def kept(state: State) -> list[torch.Tensor]:
    """All that training changes: networks, their average, optimizer states, counts of skipped steps."""
    nets = [state.nets] + ([state.average.nets] if state.average else [])
    values = [value for net in nets for value in net.state_dict().values()]
    for move in state.moves.values():
        states = [move.optimizer.state[p] for p in move.parameters]
        values += [state[key] for state in states for key in sorted(state)]
        values += [torch.tensor([move.skipped, move.skipped_in_a_row])]
    return values


def alike(a: State, b: State) -> bool:
    """Whether two states are the same, bit for bit."""
    return all(torch.equal(x, y) for x, y in zip(kept(a), kept(b), strict=True))


def end(
    objective: Objective, training: TrainingSettings, folder: Path, stops: Sequence[int], family: str
) -> State:
    """The state after STEPS, of a run that stops at each of `stops` and goes on from its checkpoint."""
    state, start = begun(objective, training, family), 0
    for stop in stops:
        train(objective, state, training, start, stop)
        checkpoints.save_checkpoint(folder, state, stop, 1.0, keep=1)
        state, start = begun(objective, training, family), stop
        checkpoints.restore(state, checkpoints.newest(folder)[0])
    train(objective, state, training, start, STEPS)
    return state


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("variant", range(len(VARIANTS)))
def test_stopping_and_resuming_changes_no_bit(method: str, variant: int, tmp_path: Path) -> None:
    objective = objective_of(method)
    chosen: dict[str, Any] = {"precision": "float32"} | VARIANTS[variant]
    training = TrainingSettings(device="cpu", **chosen)
    whole, resumed = (end(objective, training, tmp_path, s, "larsen") for s in ((), (1, 2, 3)))
    assert alike(whole, resumed)


@pytest.mark.parametrize("family", ["mlp", "resnet", "spectral"])
def test_nor_does_it_with_other_networks(family: str, tmp_path: Path) -> None:
    """Spectral normalisation remembers vectors from step to step."""
    training = TrainingSettings(device="cpu", ema=0.5)
    objective = objective_of("vae_gan")
    assert alike(*(end(objective, training, tmp_path, stops, family) for stops in ((), (2,))))


@pytest.mark.parametrize("method", METHODS)
def test_a_checkpoint_gives_back_every_bit(method: str, tmp_path: Path) -> None:
    objective, training = objective_of(method), TrainingSettings(device="cpu", ema=0.9)
    saved = begun(objective, training)
    train(objective, saved, training, 0, 2)
    for count, move in enumerate(saved.moves.values(), 1):
        move.skipped, move.skipped_in_a_row = 10 * count, count
    checkpoints.save_checkpoint(tmp_path, saved, 2, 1.0, keep=1)
    other = begun(objective, TrainingSettings(device="cpu", ema=0.9, seed=5))
    assert not alike(begun(objective, training), other)
    checkpoints.restore(other, checkpoints.newest(tmp_path)[0])
    assert alike(saved, other)


def test_another_seed_ends_elsewhere(tmp_path: Path) -> None:
    ends = [
        end(objective_of("ae"), TrainingSettings(device="cpu", seed=seed), tmp_path, (), "mlp")
        for seed in (0, 1)
    ]
    assert not alike(*ends)
