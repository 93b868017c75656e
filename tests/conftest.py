"""What every test may use: real data sets, where there are some, and tiny trained models."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # a thread for each of the processes that share the cores

import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import settings

from support import signatures

signatures.install()  # before anything of the package is imported

from support.small_runs import Models  # noqa: E402

settings.register_profile("same", derandomize=True)  # the same examples in every run
settings.load_profile("same")


FROZEN = pytest.StashKey[int]()
"""Number of modules whose objects collections of garbage leave out."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave what is imported out of collections of garbage, of which every training makes a full one."""
    if len(sys.modules) > item.config.stash.get(FROZEN, 0) + 20:
        gc.collect()
        gc.freeze()
        item.config.stash[FROZEN] = len(sys.modules)


@pytest.fixture(scope="session", autouse=True)
def session_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An image cache of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIKENESS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


@pytest.fixture
def real_data() -> Callable[[str], Path]:
    """Path of a real data set in the folder that LIKENESS_DATA names; skips without it."""

    def path_of(name: str) -> Path:
        folder = os.environ.get("LIKENESS_DATA")
        if not folder:
            pytest.skip(f"LIKENESS_DATA is not set; set it to a folder with the data set {name}")
        if not (Path(folder) / name).exists():
            pytest.skip(f"LIKENESS_DATA is {folder}, which has no data set {name}")
        return Path(folder) / name

    return path_of


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """Tiny trained models of any method and kind of image, each trained once."""
    return Models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def double() -> Iterator[None]:
    """All in float64."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)
