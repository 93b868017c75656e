"""Many inputs through a function some at a time, so that memory does not grow with their number."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

MAX_BATCH = 256
"""Rows that go through a network at once."""


def parts_of(*inputs: Tensor | None, size: int = MAX_BATCH) -> Iterator[tuple[Tensor | None, ...]]:
    """`size` rows of each of some inputs (n, ...) at a time.

    An input that is None is None in every part. Of no rows there is one part, which is empty. Raises
    ValueError where inputs have different numbers of rows.
    """
    counts = {x.shape[0] for x in inputs if x is not None}
    if len(counts) != 1:
        raise ValueError(f"inputs have {sorted(counts)} rows; give as many of each")
    count = counts.pop()
    for k in range(0, max(count, 1), max(size, 1)):
        yield tuple(None if x is None else x[k : k + size] for x in inputs)


def in_batches(
    use: Callable[..., Tensor],
    *inputs: Tensor | None,
    size: int = MAX_BATCH,
    device: torch.device | None = None,
) -> Tensor:
    """What `use` makes of inputs, `size` rows of each at a time, joined along the first dimension; on a
    `device`, if one is named, and then brought back to where the first input is.

    Parts are as `parts_of` has them. Raises ValueError as it does.
    """
    if device is None:
        return torch.cat([use(*part) for part in parts_of(*inputs, size=size)])
    home = next(x.device for x in inputs if x is not None)
    parts = ([None if x is None else x.to(device) for x in part] for part in parts_of(*inputs, size=size))
    return torch.cat([use(*part).to(home) for part in parts])
