"""Gradient checkpointing (Chen et al. 2016): a pass stores its inputs only and is repeated for
gradients."""

from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from likeness.nets import Networks
from likeness.training.buffers import restore_buffers, save_buffers
from likeness.training.passes import Pass, patched_forward


def checkpoint_passes(nets: Networks, enabled: bool = True) -> AbstractContextManager[None]:
    """Checkpoint every pass of the networks in this context, if `enabled`.

    Losses, gradients and running statistics do not change: a repeated pass gets the same random numbers and
    statistics, and updates none.
    """
    passes = {name: partial(_checkpoint, net, net.forward) for name, net in nets.items()} if enabled else {}
    return patched_forward(nets, passes)


def _checkpoint(net: nn.Module, forward: Pass, *inputs: Tensor | None) -> Any:
    """A checkpointed pass; a plain one where no gradients are recorded."""
    if not torch.is_grad_enabled():
        return forward(*inputs)
    repetition = _Repetition(net)
    return checkpoint(forward, *inputs, use_reentrant=False, context_fn=lambda: (nullcontext(), repetition))


class _Repetition:
    """Context in which a pass is repeated, once for each loss whose gradient goes through it."""

    def __init__(self, net: nn.Module) -> None:
        self.net, self.first_buffers = net, save_buffers(net)
        self.current_buffers: list[Tensor] = []

    def __enter__(self) -> None:
        self.current_buffers = save_buffers(self.net)
        restore_buffers(self.net, self.first_buffers)

    def __exit__(self, *error: Any) -> None:
        restore_buffers(self.net, self.current_buffers)
