"""Small data, trained runs, and processes to be killed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from support.forks import Forks, serving
from support.small_runs import pixels, trained


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The image cache of one test."""
    monkeypatch.setenv("LIKENESS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """Commands in processes of their own."""
    with serving(tmp_path_factory.mktemp("forks")) as server:
        yield server


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty grey images of 6x5 pixels, in a file."""
    file = tmp_path_factory.mktemp("images") / "images.npz"
    np.savez(file, images=pixels(40, 6, 5, 1))
    return file


@pytest.fixture(scope="session")
def judged(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained GAN, whose discriminator others borrow."""
    path = tmp_path_factory.mktemp("judged") / "gan"
    trained(path, images, "gan")
    return path


@pytest.fixture
def run(images: Path, tmp_path: Path) -> Path:
    """A run of four steps with checkpoints at two and four."""
    trained(tmp_path / "run", images, checkpoint_every=2)
    return tmp_path / "run"
