"""What every test may use: real data sets, where there are some."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # a thread for each of the processes that share the cores

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True)  # the same examples in every run
settings.load_profile("same")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def real_data() -> Callable[[str], Path]:
    """Path of a real data set, under LIKENESS_DATA or beside the repository; skips without it."""

    def path_of(name: str) -> Path:
        folder = Path(os.environ.get("LIKENESS_DATA") or ROOT.parent / "shared" / "data")
        if not (folder / name).exists():
            pytest.skip(f"there is no data set {name}: LIKENESS_DATA names no folder that has it")
        return folder / name

    return path_of
