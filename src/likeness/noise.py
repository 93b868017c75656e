"""Random numbers as a function of a seed and a name.

Numbers for a batch have one row per sample. A process that holds a part of a batch gets the rows of its
part: the same numbers that the whole batch has there.
"""

import hashlib
import math
import random
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

_LOCK = threading.RLock()
MAX_SMALL_SAMPLE = 1024
"""Numbers per sample up to which a whole batch is drawn at once; larger samples are drawn in blocks."""
BLOCK_SAMPLES = 8
"""Number of large samples that are drawn together; no process draws those of the whole batch."""

Shape = Sequence[int]


class Noise(ABC):
    """A source of random numbers by name; use each name once in a step."""

    def __call__(self, name: str, shape: Shape) -> Float[Tensor, "n *rest"]:
        """Independent numbers from N(0, 1) of `shape` (n, ...), one row per sample."""
        return self.draw(name, "normal", shape)

    def uniform(self, name: str, shape: Shape) -> Float[Tensor, "n *rest"]:
        """Independent numbers from the uniform distribution on [0, 1), of `shape` (n, ...)."""
        return self.draw(name, "uniform", shape)

    def integers(self, name: str, below: int, n: int) -> Int[Tensor, " n"]:
        """Independent, equally likely whole numbers (n,) from 0 to `below` - 1."""
        return (self.uniform(name, (n,)) * below).long().clamp_max(below - 1)

    @abstractmethod
    def draw(self, name: str, kind: str, shape: Shape) -> Tensor:
        """Numbers of `shape` (n, ...) from the distribution `kind`, `normal` or `uniform`."""

    @abstractmethod
    def of(self, name: str) -> "Noise":
        """The source for one use, `name`: its numbers differ from those of any other use."""


@dataclass(frozen=True)
class SeededNoise(Noise):
    """Random numbers as a function of a key and a name, on any number of processes."""

    key: tuple[Any, ...] = (0,)
    """The key, such as (seed, step)."""
    device: torch.device | None = None
    """Device on which numbers are drawn; None is the default device."""
    start: int = 0
    """Row of the whole batch at which this part begins."""
    size: int | None = None
    """Rows of the whole batch; None where the requested rows are the whole batch."""

    def of(self, name: str) -> "SeededNoise":
        return replace(self, key=(*self.key, name))

    def draw(self, name: str, kind: str, shape: Shape) -> Tensor:
        n, *rest = shape
        if math.prod(rest) <= MAX_SMALL_SAMPLE:
            rows = self._generate((name,), kind, (n if self.size is None else self.size, *rest))
            return rows[self.start : self.start + n]
        first, last = self.start // BLOCK_SAMPLES, -(-(self.start + n) // BLOCK_SAMPLES)
        blocks = [self._generate((name, k), kind, (BLOCK_SAMPLES, *rest)) for k in range(first, last)]
        skipped = self.start - BLOCK_SAMPLES * first
        return torch.cat(blocks or [self._generate((name,), kind, (0, *rest))])[skipped : skipped + n]

    def _generate(self, name: tuple[Any, ...], kind: str, shape: Shape) -> Tensor:
        device = self.device or torch.get_default_device()
        generator = torch.Generator(device).manual_seed(_seed(*self.key, *name, kind))
        draw = {"normal": torch.randn, "uniform": torch.rand}[kind]
        return draw(*shape, generator=generator, device=device)


@dataclass(frozen=True)
class NoiseOnDevice(Noise):
    """The numbers of another source, moved to a device; they do not depend on the device."""

    source: Noise
    device: torch.device

    def of(self, name: str) -> "NoiseOnDevice":
        return NoiseOnDevice(self.source.of(name), self.device)

    def draw(self, name: str, kind: str, shape: Shape) -> Tensor:
        return self.source.draw(name, kind, shape).to(self.device)


def as_noise(source: Noise | int) -> Noise:
    """`source` itself if it is noise; the noise of a seed, drawn on the CPU, if it is a number."""
    return source if isinstance(source, Noise) else SeededNoise((source,), torch.device("cpu"))


def _seed(*key: Any) -> int:
    """A seed of 63 bits: a hash of the key."""
    text = "/".join(map(str, key)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1


@dataclass(frozen=True)
class FoldedNoise(Noise):
    """Another source with several rows per sample, such as one for each place of a map, sample by
    sample."""

    source: Noise
    rows: int
    """Rows per sample."""

    def of(self, name: str) -> "FoldedNoise":
        return FoldedNoise(self.source.of(name), self.rows)

    def draw(self, name: str, kind: str, shape: Shape) -> Tensor:
        n, *rest = shape
        return self.source.draw(name, kind, (n // self.rows, self.rows, *rest)).flatten(0, 1)


@contextmanager
def preserve_generators(devices: Sequence[int] | None = None) -> Iterator[None]:
    """On exit, restore the global random generators of PyTorch (of all GPUs, or of `devices`), NumPy and
    Python to their state on entry."""
    python_state, numpy_state = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices):
        try:
            yield
        finally:
            random.setstate(python_state)
            np.random.set_state(numpy_state)


@contextmanager
def use_seed(seed: int = 0) -> Iterator[None]:
    """Seed PyTorch's global generator with `seed`; on exit, restore its state on entry.

    Threads wait for one another, because they share one generator. A training does not wait: use no
    other thread beside it in the same process.
    """
    with _LOCK, torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
