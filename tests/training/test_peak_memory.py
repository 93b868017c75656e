"""The most memory that was held, where the system tells."""

from pathlib import Path

import pytest
import torch

from likeness.training import peak_memory


def test_peak_memory_is_that_since_the_beginning() -> None:
    if not peak_memory._forget():
        pytest.skip("this system does not tell the peak memory of a process")
    first = peak_memory.Peak(torch.device("cpu"))
    held = torch.ones(40_000_000)
    large = first.numbers()["peak_memory_mib"]
    del held
    second = peak_memory.Peak(torch.device("cpu")).numbers()["peak_memory_mib"]
    assert large - second > 120, "160 MB were held"


def test_memory_is_left_out_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peak_memory, "CLEAR", Path("/nowhere/clear"))
    assert peak_memory.Peak(torch.device("cpu")).numbers() == {}
