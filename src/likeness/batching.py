"""Many inputs through a function some at a time, so that memory does not grow with their number."""

from collections.abc import Callable

import torch
from torch import Tensor

MAX_BATCH = 256
"""Rows that go through a network at once."""


def in_batches(use: Callable[..., Tensor], *inputs: Tensor | None, size: int = MAX_BATCH) -> Tensor:
    """What `use` makes of inputs (n, ...), `size` rows of each at a time, joined along the first dimension.

    An input that is None is None in every part. Of no rows there is one part, which is empty. Raises
    ValueError where inputs have different numbers of rows.
    """
    counts = {len(x) for x in inputs if x is not None}
    if len(counts) != 1:
        raise ValueError(f"inputs have {sorted(counts)} rows; give as many of each")
    starts = range(0, max(counts.pop(), 1), size)
    parts = [use(*(None if x is None else x[k : k + size] for x in inputs)) for k in starts]
    return torch.cat(parts)
