"""A run stopped and resumed at any step is bit-identical to one that was not."""

from pathlib import Path
from typing import Any

import pytest
import torch

from laws.games import FAMILIES, METHODS, SHAPE, objective_of
from likeness.objectives._objective import Objective
from likeness.runs import checkpoints
from likeness.shapes import Batch
from likeness.training.loop import State, begin, loop, networks
from likeness.training.settings import TrainingSettings

STEPS = 4
VARIANTS: list[dict[str, Any]] = [
    {},
    {"optimizer": {"name": "adamw"}, "ema": 0.9, "clip": 0.5},
    {"optimizer": {"name": "rmsprop"}, "accumulate": 2, "schedule": {"name": "cosine"}},
]


class Made:
    """Batches made up, each a function of its number."""

    def at(self, t: int) -> Batch:
        """Batch `t`."""
        x = torch.rand(6, *SHAPE, generator=torch.Generator().manual_seed(t)) * 2 - 1
        return Batch(x, torch.arange(6) % 3, torch.arange(6))


def begun(objective: Objective, training: TrainingSettings) -> State:
    """Fresh networks and moves."""
    return begin(objective, networks(objective, FAMILIES["larsen"], SHAPE, training), training)


def train(objective: Objective, state: State, training: TrainingSettings, start: int, end: int) -> None:
    """Steps from `start` to `end` of STEPS."""
    for t, _ in loop(objective, state, Made(), training, start, STEPS):
        if t == end:
            return


def weights(state: State) -> list[torch.Tensor]:
    """All that is saved of networks and their average."""
    nets = [state.nets] + ([state.average.nets] if state.average else [])
    return [value for net in nets for value in net.state_dict().values()]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("variant", range(len(VARIANTS)))
@pytest.mark.parametrize("stop", [1, 3])
def test_stopping_and_resuming_changes_no_bit(method: str, variant: int, stop: int, tmp_path: Path) -> None:
    objective = objective_of(method)
    training = TrainingSettings(precision="float32", device="cpu", **VARIANTS[variant])
    whole = begun(objective, training)
    train(objective, whole, training, 0, STEPS)

    stopped = begun(objective, training)
    train(objective, stopped, training, 0, stop)
    checkpoints.save_checkpoint(tmp_path, stopped, stop, 1.0, keep=3)
    resumed = begun(objective, training)
    checkpoints.restore(resumed, checkpoints.newest(tmp_path)[0])
    train(objective, resumed, training, stop, STEPS)

    assert all(torch.equal(a, b) for a, b in zip(weights(whole), weights(resumed), strict=True))
