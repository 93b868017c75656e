"""The device and the precision of a training."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any, Literal

import torch

from likeness.errors import UserError
from likeness.training.step import Context

Precision = Literal["auto", "float32", "tf32", "bfloat16"]


def device(name: str) -> torch.device:
    """The device called `name`; `auto` is the GPU if there is one. Raises UserError if it cannot be
    used."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"device {name!r} cannot be used ({reason}); use --device cpu") from None


def resolve(precision: Precision, device: torch.device) -> Precision:
    """The precision that `auto` stands for on a device: bfloat16 with hardware support, else float32."""
    if precision != "auto":
        return precision
    if device.type == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        native = device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()
    return "bfloat16" if native else "float32"


@contextmanager
def set_tf32(precision: Precision) -> Iterator[None]:
    """Allow TF32 on NVIDIA's tensor cores in this context for the precision `tf32` only.

    PyTorch's default allows it for convolutions in float32.
    """
    switches = (torch.backends.cudnn, torch.backends.cuda.matmul)
    before = [switch.allow_tf32 for switch in switches]
    _allow_tf32(switches, [precision == "tf32"] * 2)
    try:
        yield
    finally:
        _allow_tf32(switches, before)


def _allow_tf32(switches: Sequence[Any], values: Sequence[Any]) -> None:
    """Set the switches of PyTorch for TF32."""
    for switch, value in zip(switches, values):
        switch.allow_tf32 = value


def autocast(precision: Precision, device: torch.device) -> Context:
    """The context in which losses are computed in a precision."""
    if precision == "bfloat16":
        return partial(torch.autocast, device.type, torch.bfloat16)
    return nullcontext


def default_device(device: torch.device) -> AbstractContextManager:
    """A context in which new tensors are made on `device`."""
    return nullcontext() if device.type == "cpu" else device
