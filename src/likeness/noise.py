"""Random numbers that are a function of a seed, and leave those of the caller as they were."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_TURN = threading.RLock()


@contextmanager
def seeded(seed: int = 0) -> Iterator[None]:
    """Within this PyTorch's random numbers begin at `seed`; after it they go on as if nothing had been
    drawn. Threads take turns, because they share one generator; a thread that trains a run takes no
    part in that, so do nothing beside it in the same process."""
    with _TURN, torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
