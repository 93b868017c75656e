"""Buffers of networks in training mode: running statistics and the vectors of spectral normalisation."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def save_buffers(net: nn.Module) -> list[Tensor]:
    """Copies of the buffers of a network; none in evaluation mode, in which passes do not change them."""
    return [b.clone() for b in net.buffers()] if net.training else []


@torch.no_grad()
def restore_buffers(net: nn.Module, values: Sequence[Tensor]) -> None:
    """Restore the result of `save_buffers`.

    It writes to `.data`, because gradients of earlier passes may still be computed: in training mode they
    depend on the statistics of their batch, not on the buffers.
    """
    for buffer, value in zip(net.buffers(), values):
        buffer.data.copy_(value)
