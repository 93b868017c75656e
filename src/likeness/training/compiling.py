"""Compiled passes (`torch.compile`): the operations of a network on inputs of one shape in few fused
kernels.

A compiled pass computes the gradients of all its inputs and weights, even where a move needs some of them
only, and cannot be differentiated twice.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch

from likeness.errors import RunError, error_summary
from likeness.nets import Networks
from likeness.training.passes import Pass, patched_forward

MAX_COMPILED_PASSES = 64
"""Compiled passes in all, one for each network, shape and mode; further ones are not compiled."""


def compile_passes(nets: Networks, enabled: bool, backend: str | Pass = "inductor") -> Mapping[str, Pass]:
    """Compiled passes of `nets` by name, each compiled at its first use; none if not `enabled`.

    Everything compiled earlier in this process is discarded, so that nothing depends on it.
    """
    if enabled:
        torch.compiler.reset()
    return {name: _compile(net.forward, backend) for name, net in nets.items()} if enabled else {}


def _compile(forward: Pass, backend: str | Pass) -> Pass:
    def run_pass(*inputs: Any) -> Any:  # not a method of a PyTorch module: those are not compiled
        return forward(*inputs)

    return torch.compile(run_pass, dynamic=False, backend=backend)


@contextmanager
def use_passes(nets: Networks, passes: Mapping[str, Pass]) -> Iterator[None]:
    """Replace the passes of networks in this context. Raises RunError if one cannot be compiled here."""
    if not passes:
        yield
        return
    import torch._dynamo  # takes seconds, so only where it is needed
    import torch._functorch.config
    from torch._dynamo.exc import TorchDynamoException

    several_moves = torch._functorch.config.patch(donated_buffer=False)  # several gradients of one pass
    limit = torch._dynamo.config.patch(recompile_limit=MAX_COMPILED_PASSES)
    try:
        with patched_forward(nets, passes), several_moves, limit:
            yield
    except TorchDynamoException as error:
        raise RunError(
            f"networks cannot be compiled here ({error_summary(error, 120)}); leave --compile out"
        ) from error
