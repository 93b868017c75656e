"""Memory of a training step at any batch size, estimated from steps on two small batches."""

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
"""Images of the two measured batches; at each moment, memory is linear in the batch size."""


@dataclass(frozen=True)
class StepMemory:
    """Memory of a training in bytes of tensors, at each moment of its first two steps."""

    fixed: np.ndarray
    """(moments,) Bytes that do not depend on the batch: weights, averages, gradients."""
    per_image: np.ndarray
    """(moments,) Bytes for each image of a batch."""

    def at_batch(self, batch: int) -> float:
        """Peak in bytes for batches of `batch` images."""
        return float((self.fixed + batch * self.per_image).max())

    def largest_batch(self, available: float) -> int:
        """Size of the largest batch that fits into `available` bytes; 0 if there is none."""
        growing = self.per_image > 0
        limit = ((available - self.fixed[growing]) / self.per_image[growing]).min()
        return max(0, int(limit))


class TensorMemory(TorchDispatchMode):
    """Context that records the bytes of all living tensors that operations have made."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes: list[int] = []
        """Bytes after each operation."""
        self._storages: dict[int, tuple[StorageWeakRef, int]] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(out):
            if isinstance(tensor, torch.Tensor):
                storage = tensor.untyped_storage()
                reference = StorageWeakRef(storage)
                self._storages[reference.cdata] = (reference, storage.nbytes())
        self._storages = {k: (r, n) for k, (r, n) in self._storages.items() if not r.expired()}
        self.bytes.append(sum(n for _, n in self._storages.values()))
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
    if len(small) != len(large):  # different operations: compare the peaks only
        small, large = small.max(keepdims=True), large.max(keepdims=True)
    per_image = (large - small) / (LARGE_BATCH - SMALL_BATCH)
    return StepMemory(small - SMALL_BATCH * per_image, per_image)


def without_pauses(objective: Objective) -> Objective:
    """The objective without pauses: every move is made, which takes most memory."""
    unpaused = copy.copy(objective)
    object.__setattr__(unpaused, "paused_moves", lambda costs: set())
    return unpaused


def _measure_steps(
    objective: Objective,
    net: Family,
    shape: Shape,
    training: TrainingSettings,
    batches: Stream,
    width: int,
) -> np.ndarray:
    """Bytes after each operation of two steps, so that the second includes the optimizers' averages;
    nothing is compiled."""
    training, objective = replace(training, compile=False), without_pauses(objective)
    with TensorMemory() as memory:
        state = begin(objective, networks(objective, net, shape, training, width), training)
        for _ in loop(objective, state, batches, training, 0, 2):
            pass
    return np.array(memory.bytes, dtype=float)
