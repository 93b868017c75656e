"""Bit-identical trainings on CUDA, whose fastest algorithms add in no fixed order; those of a CPU do."""

import contextlib
import os
from collections.abc import Iterator

import torch

from likeness.errors import UserError, warn

WORKSPACE, FIXED = "CUBLAS_WORKSPACE_CONFIG", (":4096:8", ":16:8")
"""What cuBLAS reads as CUDA begins, and the values with which it is deterministic."""


@contextlib.contextmanager
def deterministic(wanted: bool) -> Iterator[None]:
    """Within this only deterministic algorithms are used, if that is `wanted`; all is as before afterwards.

    Warns where CUDA began too early for cuBLAS to be told; the variable stays where CUDA begins with it, as
    it holds for the whole process. Raises UserError for an operation that has no such algorithm.
    """
    if not wanted:
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
    """cuBLAS is told, if it is not yet."""
    if os.environ.get(WORKSPACE) in FIXED:
        yield
        return
    before, late = os.environ.get(WORKSPACE), torch.cuda.is_initialized()
    if late:
        warn(f"CUDA was used before --deterministic; set {WORKSPACE}={FIXED[0]} before the program starts")
    os.environ[WORKSPACE] = FIXED[0]
    try:
        yield
    finally:
        if late or not torch.cuda.is_initialized():
            del os.environ[WORKSPACE]
            os.environ |= {} if before is None else {WORKSPACE: before}


@contextlib.contextmanager
def _only_deterministic() -> Iterator[None]:
    """PyTorch refuses what is not deterministic, and cuDNN does not choose by what is fastest now."""
    before = torch.are_deterministic_algorithms_enabled()
    only_warned = torch.is_deterministic_algorithms_warn_only_enabled()
    fastest = torch.backends.cudnn.benchmark
    torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.benchmark = False
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before, warn_only=only_warned)
        torch.backends.cudnn.benchmark = fastest
