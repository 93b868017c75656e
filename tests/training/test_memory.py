"""Memory on the CPU: what is freed stays while it is kept."""

import ctypes
import resource
import sys
from pathlib import Path

import pytest
import torch

from likeness.training import memory

LARGE = 2**24


def faults_of_the_second() -> int:
    """Page faults of filling a large tensor where another one was just freed."""
    torch.ones(LARGE)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    torch.ones(LARGE)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told to keep memory")
def test_freed_memory_stays_while_it_is_kept_and_goes_back_after() -> None:
    size = 4 * LARGE
    faults_of_the_second()
    with memory.keep_freed_memory():
        # A small block may happen to be cut from the freed one, so that once, the next does not fit there.
        faults = [faults_of_the_second() for _ in range(5)]
        assert min(faults) < size / resource.getpagesize() / 10
        held = resident()
    assert resident() < held - 0.9 * size


def test_nothing_is_asked_of_the_system_where_memory_is_not_to_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: pytest.fail("the C library was asked"))
    with memory.keep_freed_memory(False):
        pass


def test_a_c_library_that_is_not_glibc_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    within = []
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    with memory.keep_freed_memory():
        within.append(True)
    memory.release_memory()
    assert within == [True]


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told to keep memory")
def test_memory_goes_back_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), memory.keep_freed_memory():
        torch.ones(LARGE)
        held = resident()
        raise ZeroDivisionError
    assert resident() < held - 0.9 * 4 * LARGE
