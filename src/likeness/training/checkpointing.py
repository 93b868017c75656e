"""Gradient checkpointing (Chen et al. 2016): a pass through a network keeps what went in alone, and what it
made on the way is made anew when gradients are asked for.
"""

from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from likeness.nets import Networks
from likeness.training.buffers import restore_buffers, save_buffers
from likeness.training.passes import Pass, patched_forward


def checkpointed(nets: Networks, wanted: bool = True) -> AbstractContextManager[None]:
    """Within this, passes of these networks are checkpointed, each as a whole, if that is `wanted`.

    Losses, gradients and running statistics are those without: a pass that is made anew is given the same
    random numbers and statistics, and leaves none behind.
    """
    passes = {name: partial(_pass, net, net.forward) for name, net in nets.items()} if wanted else {}
    return patched_forward(nets, passes)


def _pass(net: nn.Module, forward: Pass, *given: Tensor | None) -> Any:
    if not torch.is_grad_enabled():
        return forward(*given)
    again = _Again(net)
    return checkpoint(forward, *given, use_reentrant=False, context_fn=lambda: (nullcontext(), again))


class _Again:
    """In which a pass is made anew, once for each loss whose gradient goes through it."""

    def __init__(self, net: nn.Module) -> None:
        self.net, self.before = net, save_buffers(net)

    def __enter__(self) -> None:
        self.now = save_buffers(self.net)
        restore_buffers(self.net, self.before)

    def __exit__(self, *error: Any) -> None:
        restore_buffers(self.net, self.now)
