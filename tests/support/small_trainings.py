"""Tiny trainings in memory, without a run."""

from typing import Any

from laws.games import FAMILIES, SHAPE, batch, objective_of
from likeness.batch import Batch
from likeness.training.loop import State, begin, networks
from likeness.training.settings import TrainingSettings


class Same:
    """The same images at every step."""

    def __init__(self, n: int = 6) -> None:
        made = batch(0, n)
        self.batch = Batch(made.x.float(), made.labels, made.index)

    def at(self, t: int) -> Batch:
        """They."""
        return self.batch


def begun(method: str = "gan", family: str = "mlp", **training: Any) -> tuple[State, TrainingSettings]:
    """Fresh networks and moves on the CPU."""
    settings = TrainingSettings(device="cpu", **training)
    objective = objective_of(method)
    return begin(objective, networks(objective, FAMILIES[family], SHAPE, settings), settings), settings
