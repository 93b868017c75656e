"""Where and in what precision a run computes."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any, Literal

import torch

from likeness.errors import UserError
from likeness.training.advance import Context

Precision = Literal["auto", "float32", "tf32", "bfloat16"]


def device(name: str) -> torch.device:
    """The device called `name`; `auto` is the GPU if there is one. UserError if it is not there."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"device {name!r} cannot be used ({reason}); use --device cpu") from None


def resolved(precision: Precision, where: torch.device) -> Precision:
    """`auto` is bfloat16 where the hardware multiplies it natively, float32 elsewhere."""
    if precision != "auto":
        return precision
    if where.type == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        native = where.type == "cpu" and torch.cpu._is_avx512_bf16_supported()
    return "bfloat16" if native else "float32"


@contextmanager
def rounding(precision: Precision) -> Iterator[None]:
    """Within this, NVIDIA's tensor cores round what they multiply to 10 bits for `tf32` alone; PyTorch's
    own default does so in convolutions, whatever is said to be float32."""
    switches = (torch.backends.cudnn, torch.backends.cuda.matmul)
    before = [switch.allow_tf32 for switch in switches]
    _allow_tf32(switches, [precision == "tf32"] * 2)
    try:
        yield
    finally:
        _allow_tf32(switches, before)


def _allow_tf32(switches: Sequence[Any], values: Sequence[Any]) -> None:
    for switch, value in zip(switches, values):
        switch.allow_tf32 = value


def context(precision: Precision, where: torch.device) -> Context:
    """The context in which losses are computed."""
    if precision == "bfloat16":
        return partial(torch.autocast, where.type, torch.bfloat16)
    return nullcontext


def placement(where: torch.device) -> AbstractContextManager:
    """New tensors are made on `where`; on the CPU that is so already."""
    return nullcontext() if where.type == "cpu" else where
