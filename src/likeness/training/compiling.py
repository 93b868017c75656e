"""Compiled passes (`torch.compile`): what a network does with inputs of one shape, as few fused kernels.

A compiled pass computes the gradients of all that it was given and of all its weights, also where a move
asks for some of them alone, and cannot be differentiated twice.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch

from likeness.errors import RunError, error_summary
from likeness.nets import Networks
from likeness.training.passes import Pass, patched_forward

MOST_KINDS = 64
"""Kinds of passes (networks, shapes, training or not) that are compiled in all; more stay as they are."""


def compiled(nets: Networks, wanted: bool, backend: str | Pass = "inductor") -> Mapping[str, Pass]:
    """Passes of `nets`, each compiled when it is first made, by name; none where not `wanted`.

    What was compiled before in this process is forgotten, so that nothing depends on it.
    """
    if wanted:
        torch.compiler.reset()
    return {name: _compiled(net.forward, backend) for name, net in nets.items()} if wanted else {}


def _compiled(forward: Pass, backend: str | Pass) -> Pass:
    def make(*given: Any) -> Any:  # a function of ours: PyTorch's own modules are left alone when compiled
        return forward(*given)

    return torch.compile(make, dynamic=False, backend=backend)


@contextmanager
def in_place(nets: Networks, passes: Mapping[str, Pass]) -> Iterator[None]:
    """Within this, networks make these passes. RunError if one cannot be compiled on this machine."""
    if not passes:
        yield
        return
    import torch._dynamo  # seconds, which no other command should wait for
    import torch._functorch.config
    from torch._dynamo.exc import TorchDynamoException

    several_moves = torch._functorch.config.patch(donated_buffer=False)  # what a pass keeps serves them all
    kinds = torch._dynamo.config.patch(recompile_limit=MOST_KINDS)
    try:
        with patched_forward(nets, passes), several_moves, kinds:
            yield
    except TorchDynamoException as error:
        raise RunError(
            f"networks cannot be compiled here ({error_summary(error, 120)}); leave --compile out"
        ) from error
