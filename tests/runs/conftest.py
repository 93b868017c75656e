"""Small data, trained runs, and processes to be killed."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from likeness.training import moves
from support.forks import Forks, serving
from support.small_runs import pixels, trained


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


@pytest.fixture(scope="session")
def ended(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of four steps with checkpoints at two and four, which is left as it is."""
    path = tmp_path_factory.mktemp("ended") / "run"
    trained(path, images, checkpoint_every=2)
    return path


@pytest.fixture
def run(ended: Path, tmp_path: Path) -> Path:
    """The same, for one test to do with as it likes."""
    return Path(shutil.copytree(ended, tmp_path / "run"))


@pytest.fixture(scope="session")
def averaged(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with averaged weights, which is left as it is too."""
    path = tmp_path_factory.mktemp("averaged") / "run"
    trained(path, images, checkpoint_every=2, ema=0.5)
    return path


@pytest.fixture
def averaged_run(averaged: Path, tmp_path: Path) -> Path:
    """The same, for one test to do with as it likes."""
    return Path(shutil.copytree(averaged, tmp_path / "run"))


@pytest.fixture
def steep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every gradient is infinite though the loss is finite."""

    def infinite(loss: Tensor, at: Sequence[Tensor], *, keep_graph: bool) -> list[Tensor]:
        return [torch.full_like(parameter, torch.inf) for parameter in at]

    monkeypatch.setattr(moves, "gradient", infinite)
