"""Bit-identical trainings on CUDA, whose fastest algorithms add numbers in no fixed order."""

import contextlib
import os
from collections.abc import Iterator

import torch

from likeness.errors import UserError, warn

WORKSPACE_VARIABLE, DETERMINISTIC_VALUES = "CUBLAS_WORKSPACE_CONFIG", (":4096:8", ":16:8")
"""Environment variable that cuBLAS reads when CUDA starts, and its deterministic values."""


@contextlib.contextmanager
def use_deterministic_algorithms(enabled: bool) -> Iterator[None]:
    """Use only deterministic algorithms in this context, if `enabled`.

    Warns if CUDA started before the environment variable of cuBLAS was set. The variable stays set if CUDA
    starts in this context. Raises UserError for an operation without a deterministic algorithm.
    """
    if not enabled:
        yield
        return
    with _workspace(), _only_deterministic():
        try:
            yield
        except RuntimeError as error:
            if "deterministic" not in str(error):
                raise
            operation = str(error).partition(" ")[0]
            raise UserError(
                f"{operation} has no deterministic algorithm on this device; leave --deterministic out"
            ) from None


@contextlib.contextmanager
def _workspace() -> Iterator[None]:
    """Set the environment variable of cuBLAS, unless it has a deterministic value."""
    if os.environ.get(WORKSPACE_VARIABLE) in DETERMINISTIC_VALUES:
        yield
        return
    before, late = os.environ.get(WORKSPACE_VARIABLE), torch.cuda.is_initialized()
    if late:
        setting = f"{WORKSPACE_VARIABLE}={DETERMINISTIC_VALUES[0]}"
        warn(f"CUDA was used before --deterministic; set {setting} before the program starts")
    os.environ[WORKSPACE_VARIABLE] = DETERMINISTIC_VALUES[0]
    try:
        yield
    finally:
        if late or not torch.cuda.is_initialized():
            del os.environ[WORKSPACE_VARIABLE]
            os.environ |= {} if before is None else {WORKSPACE_VARIABLE: before}


@contextlib.contextmanager
def _only_deterministic() -> Iterator[None]:
    """Make PyTorch refuse other algorithms, and cuDNN choose its algorithms without timing them."""
    before = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    benchmark = torch.backends.cudnn.benchmark
    torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.benchmark = False
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before, warn_only=warn_only)
        torch.backends.cudnn.benchmark = benchmark
