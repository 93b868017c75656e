"""What networks in training mode remember of their passes: running statistics, and the vectors of spectral
normalisation."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def save_buffers(net: nn.Module) -> list[Tensor]:
    """A copy of them; nothing of a network in evaluation mode, which keeps them as they are."""
    return [b.clone() for b in net.buffers()] if net.training else []


@torch.no_grad()
def restore_buffers(net: nn.Module, values: Sequence[Tensor]) -> None:
    """Put back what `statistics` gave.

    Through `.data`, because gradients may still be taken of a pass that saw these buffers, and in training
    mode the statistics of its own batch are what it used.
    """
    for buffer, value in zip(net.buffers(), values):
        buffer.data.copy_(value)
