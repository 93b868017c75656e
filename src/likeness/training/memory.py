"""Memory on the CPU: what a step frees, the next one takes again.

The C library of Linux gives large blocks back to the system as soon as they are freed, and a step then
faults every page of its tensors in anew: a seventh of the time of a VAE/GAN step on one core.
"""

import contextlib
import ctypes
import sys
from collections.abc import Iterator

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
"""Names of mallopt's parameters in malloc.h of glibc."""
_USUAL = {_TRIM_THRESHOLD: 128 * 1024, _MMAP_MAX: 65536}
"""glibc's own values of them."""
_KEEPING = {_TRIM_THRESHOLD: -1, _MMAP_MAX: 0}


@contextlib.contextmanager
def kept(wanted: bool = True) -> Iterator[None]:
    """Freed memory stays with this process meanwhile, if that is `wanted`, and goes back after; nothing
    but Linux's glibc is told so."""
    libc = ctypes.CDLL(None) if wanted and sys.platform == "linux" else None
    if libc is None or not hasattr(libc, "mallopt"):
        yield
        return
    _set(libc, _KEEPING)
    try:
        yield
    finally:
        _set(libc, _USUAL)
        give_back()


def give_back() -> None:
    """Return memory that is free to the system, where the C library is glibc."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


def _set(libc: ctypes.CDLL, values: dict[int, int]) -> None:
    for name, value in values.items():
        libc.mallopt(name, value)
