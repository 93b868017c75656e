"""A dry run: an estimate of the memory that a training takes, and the largest batch that fits, before
anything is written."""

import os
from dataclasses import dataclass
from pathlib import Path

import torch

from likeness.config import Config
from likeness.data.batches import Batches
from likeness.data.dataset import load
from likeness.noise import use_seed
from likeness.training import precision
from likeness.training.size import check_size, parameter_counts
from likeness.training.step_memory import LARGE_BATCH, StepMemory, estimate_step_memory

USABLE_SHARE = {"cpu": 0.6}
"""Share of a device's memory that tensors can fill, 0.9 of others': allocators leave gaps, and convolutions
take room of their own. On a CPU a step was seen to take 1.3 to 1.6 times its tensors."""

CONTAINER = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Where Linux says how much memory a container has (control groups, version 2 and 1)."""


@dataclass(frozen=True)
class MemoryEstimate:
    """An estimate of the memory of a training."""

    parameters: dict[str, int]
    """Of each player."""
    images: int
    """For training."""
    total: int | None
    """Steps; None where minutes decide."""
    need: StepMemory
    room: float
    """Bytes there are."""
    device: str

    @property
    def largest_batch(self) -> int:
        """The largest batch that is expected to fit."""
        return self.need.largest_batch(USABLE_SHARE.get(self.device, 0.9) * self.room)


def estimate_memory(settings: Config, gib: float | None = None) -> MemoryEstimate:
    """What training with `settings` would take, of `gib` GiB or else of all that this machine has.

    Reads the data, makes the networks and steps on a few images; writes nothing. Raises UserError as
    a training would.
    """
    s = settings
    data = load(s.data, s.training.seed).with_conditions(s.objective.condition)
    width = data.conditions.width
    data.train.check_fills(LARGE_BATCH)
    s.objective.check(torch.from_numpy(data.train.labels), s.training.batch)
    check_size(s.objective, s.net, data.shape, width)
    where = precision.device(s.training.device)
    with use_seed(s.training.seed):
        found = estimate_step_memory(
            s.objective, s.net, data.shape, s.training,
            lambda n: Batches(data.train, data.scaling, n, s.training.seed, device=where),
            width,
        )  # fmt: skip
    have = _memory(where) if gib is None else gib * 2**30
    counts = parameter_counts(s.objective, s.net, data.shape, width)
    steps, room = s.training.total(len(data.train)), have - _program_bytes(where)
    return MemoryEstimate(counts, len(data.train), steps, found, room, where.type)


def _memory(where: torch.device) -> float:
    """Bytes of memory of the device, or of the container that this process runs in."""
    if where.type == "cuda":
        return float(torch.cuda.get_device_properties(where).total_memory)
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    said = [file.read_text().strip() for file in CONTAINER if file.exists()]
    return float(min(limits + [int(limit) for limit in said if limit != "max"]))


def _program_bytes(where: torch.device) -> float:
    """Bytes that the program takes on a CPU with its libraries and data; elsewhere half a GiB."""
    status = Path("/proc/self/statm")
    if where.type != "cpu" or not status.exists():
        return 2.0**29
    return float(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
