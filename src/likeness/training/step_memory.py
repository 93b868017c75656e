"""A rehearsal: how much memory a training step takes at any batch, seen from steps on a small images."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from likeness.nets import Family
from likeness.objectives import Objective
from likeness.shapes import Shape
from likeness.training.loop import Stream, begin, loop, networks
from likeness.training.settings import TrainingSettings

SMALL_BATCH, LARGE_BATCH = 2, 6
"""Images of the two rehearsed batches: at each moment, what tensors take grows along a line."""


@dataclass(frozen=True)
class StepMemory:
    """Memory that a training takes, in bytes of tensors, at each moment of its first two steps."""

    fixed: np.ndarray
    """(moments,) Weights, averages, gradients: whatever the batch."""
    per_image: np.ndarray
    """(moments,) For each image of a batch."""

    def of(self, batch: int) -> float:
        """Bytes at the worst moment, at a batch of so many images."""
        return float((self.fixed + batch * self.per_image).max())

    def largest_batch(self, room: float) -> int:
        """The largest batch within `room` bytes; 0 if there is none."""
        growing = self.per_image > 0
        most = ((room - self.fixed[growing]) / self.per_image[growing]).min()
        return max(0, int(most))


class TensorMemory(TorchDispatchMode):
    """Counts the bytes of all tensors that operations make, for as long as each is held."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes: list[int] = []
        """After each operation."""
        self._held: dict[int, tuple[StorageWeakRef, int]] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(out):
            if isinstance(tensor, torch.Tensor):
                storage = tensor.untyped_storage()
                reference = StorageWeakRef(storage)
                self._held[reference.cdata] = (reference, storage.nbytes())
        self._held = {k: (r, n) for k, (r, n) in self._held.items() if not r.expired()}
        self.bytes.append(sum(n for _, n in self._held.values()))
        return out


def estimate_step_memory(
    objective: Objective,
    net: Family,
    shape: Shape,
    training: TrainingSettings,
    stream: Callable[[int], Stream],
    width: int = 0,
) -> StepMemory:
    """Memory of a training, from two steps each on batches of SMALL_BATCH and LARGE_BATCH images of
    `stream`, with conditions of `width` numbers.

    The networks are built, so they must fit into memory; nothing is written.
    """
    small, large = (
        _measure_steps(objective, net, shape, training, stream(n), width)
        for n in (SMALL_BATCH, LARGE_BATCH)
    )
    if len(small) != len(large):  # the two did not go the same way: only their worst moments compare
        small, large = small.max(keepdims=True), large.max(keepdims=True)
    per_image = (large - small) / (LARGE_BATCH - SMALL_BATCH)
    return StepMemory(small - SMALL_BATCH * per_image, per_image)


def without_pauses(objective: Objective) -> Objective:
    """The game in which every move is made: what takes most."""
    always = copy.copy(objective)
    object.__setattr__(always, "paused", lambda costs: set())
    return always


def _measure_steps(
    objective: Objective,
    net: Family,
    shape: Shape,
    training: TrainingSettings,
    batches: Stream,
    width: int,
) -> np.ndarray:
    """Bytes held after each operation of two steps, the second of which finds the optimizers' averages;
    nothing is compiled."""
    training, objective = replace(training, compile=False), without_pauses(objective)
    with TensorMemory() as held:
        state = begin(objective, networks(objective, net, shape, training, width), training)
        for _ in loop(objective, state, batches, training, 0, 2):
            pass
    return np.array(held.bytes, dtype=float)
