"""The most memory that was held, where the system tells."""

from pathlib import Path

import pytest
import torch

from likeness.training import peak_memory


def test_peak_memory_is_that_since_the_beginning() -> None:
    if not peak_memory._reset_peak():
        pytest.skip("this system does not tell the peak memory of a process")
    first = peak_memory.PeakMemory(torch.device("cpu"))
    held = torch.ones(40_000_000)
    large = first.mebibytes()["peak_memory_mib"]
    del held
    second = peak_memory.PeakMemory(torch.device("cpu")).mebibytes()["peak_memory_mib"]
    assert large - second > 120, "160 MB were held"


def test_memory_is_left_out_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peak_memory, "RESET_FILE", Path("/nowhere/clear"))
    assert peak_memory.PeakMemory(torch.device("cpu")).mebibytes() == {}
