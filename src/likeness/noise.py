"""Random numbers that are asked for by name, and are a function of a seed and that name.

What is drawn for a batch has a row for each of its samples. Of a part of a batch, such as one process of
several has, only its own rows are handed out: they are those that the whole batch would have there.
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

_TURN = threading.RLock()
SMALL_SAMPLE = 1024
"""Numbers a sample up to which a whole batch is drawn at once, and cut; larger ones are drawn in blocks."""
BLOCK = 8
"""Samples that are drawn together where samples are large, so that no process draws all of them."""

Shape = Sequence[int]


class Noise(ABC):
    """Where random numbers come from; a name is to be asked for once in a step."""

    def __call__(self, name: str, shape: Shape) -> Float[Tensor, "n *rest"]:
        """Independent numbers of N(0, 1), of `shape` (n, ...): a row for each sample."""
        return self.draw(name, "normal", shape)

    def uniform(self, name: str, shape: Shape) -> Float[Tensor, "n *rest"]:
        """Independent numbers, uniform in [0, 1), of `shape` (n, ...)."""
        return self.draw(name, "uniform", shape)

    def integers(self, name: str, below: int, n: int) -> Int[Tensor, " n"]:
        """Independent whole numbers (n,) from 0 to `below` less one, all as likely."""
        return (self.uniform(name, (n,)) * below).long().clamp_max(below - 1)

    @abstractmethod
    def draw(self, name: str, kind: str, shape: Shape) -> Tensor:
        """Numbers of a `kind`, `normal` or `uniform`."""

    @abstractmethod
    def of(self, name: str) -> "Noise":
        """The same source for one use of it: its names are apart from those of any other use."""


@dataclass(frozen=True)
class Seeded(Noise):
    """Numbers that are a function of a key and their name, on any number of processes."""

    key: tuple[Any, ...] = (0,)
    """Such as the seed and the step."""
    device: torch.device | None = None
    """Where they are made; None is where new tensors are made."""
    start: int = 0
    """The first row of the whole batch that is handed out."""
    size: int | None = None
    """Rows of the whole batch; None where those that are asked for are the whole."""

    def of(self, name: str) -> "Seeded":
        return replace(self, key=(*self.key, name))

    def draw(self, name: str, kind: str, shape: Shape) -> Tensor:
        n, *rest = shape
        if math.prod(rest) <= SMALL_SAMPLE:
            whole = self._made((name,), kind, (n if self.size is None else self.size, *rest))
            return whole[self.start : self.start + n]
        first, last = self.start // BLOCK, -(-(self.start + n) // BLOCK)
        blocks = [self._made((name, k), kind, (BLOCK, *rest)) for k in range(first, last)]
        skipped = self.start - BLOCK * first
        return torch.cat(blocks or [self._made((name,), kind, (0, *rest))])[skipped : skipped + n]

    def _made(self, name: tuple[Any, ...], kind: str, shape: Shape) -> Tensor:
        device = self.device or torch.get_default_device()
        generator = torch.Generator(device).manual_seed(_seed(*self.key, *name, kind))
        draw = {"normal": torch.randn, "uniform": torch.rand}[kind]
        return draw(*shape, generator=generator, device=device)


@dataclass(frozen=True)
class Placed(Noise):
    """Numbers of a source, moved to a device: those that the source has, whatever the device."""

    source: Noise
    device: torch.device

    def of(self, name: str) -> "Placed":
        return Placed(self.source.of(name), self.device)

    def draw(self, name: str, kind: str, shape: Shape) -> Tensor:
        return self.source.draw(name, kind, shape).to(self.device)


def as_noise(source: Noise | int) -> Noise:
    """Noise as it is, or that of a seed, which is drawn on the CPU."""
    return source if isinstance(source, Noise) else Seeded((source,), torch.device("cpu"))


def _seed(*key: Any) -> int:
    """A seed for each key, 63 bits of a hash."""
    text = "/".join(map(str, key)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1


@dataclass(frozen=True)
class Folded(Noise):
    """A source with several rows for each sample, such as one for each place of a map, sample by sample."""

    source: Noise
    rows: int
    """For each sample."""

    def of(self, name: str) -> "Folded":
        return Folded(self.source.of(name), self.rows)

    def draw(self, name: str, kind: str, shape: Shape) -> Tensor:
        n, *rest = shape
        return self.source.draw(name, kind, (n // self.rows, self.rows, *rest)).flatten(0, 1)


@contextmanager
def generators_kept(devices: Sequence[int] | None = None) -> Iterator[None]:
    """After it, the generators of PyTorch, of all GPUs or of some, of NumPy and of Python are as they were
    before."""
    of_python, of_numpy = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices):
        try:
            yield
        finally:
            random.setstate(of_python)
            np.random.set_state(of_numpy)


@contextmanager
def seeded(seed: int = 0) -> Iterator[None]:
    """Within this PyTorch's random numbers begin at `seed`; after it they go on as if nothing had been
    drawn. Threads take turns, because they share one generator; a thread that trains a run takes no
    part in that, so do nothing beside it in the same process."""
    with _TURN, torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
