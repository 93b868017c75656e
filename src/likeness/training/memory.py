"""Memory on the CPU: each step reuses the memory that the previous one freed.

The C library of Linux returns large freed blocks to the system at once, and each step then pays for page
faults of all its tensors: a seventh of the time of a VAE/GAN step on one core.
"""

import contextlib
import ctypes
import sys
from collections.abc import Iterator

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
"""Parameters of mallopt, as numbered in malloc.h of glibc."""
_DEFAULTS = {_TRIM_THRESHOLD: 128 * 1024, _MMAP_MAX: 65536}
"""Default values of the parameters in glibc."""
_KEEP = {_TRIM_THRESHOLD: -1, _MMAP_MAX: 0}
"""Values with which freed memory stays with the process."""


@contextlib.contextmanager
def keep_freed_memory(enabled: bool = True) -> Iterator[None]:
    """Keep freed memory for reuse in this context, if `enabled`, and release it on exit; only with glibc on
    Linux."""
    libc = ctypes.CDLL(None) if enabled and sys.platform == "linux" else None
    if libc is None or not hasattr(libc, "mallopt"):
        yield
        return
    _set(libc, _KEEP)
    try:
        yield
    finally:
        _set(libc, _DEFAULTS)
        release_memory()


def release_memory() -> None:
    """Return freed memory to the system; only with glibc on Linux."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


def _set(libc: ctypes.CDLL, values: dict[int, int]) -> None:
    """Set parameters of mallopt."""
    for name, value in values.items():
        libc.mallopt(name, value)
