"""One tiny trained run for every command, and a way to give commands."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from likeness.__main__ import main
from support.commands import TINY, Said


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """An image cache of these tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIKENESS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def likeness(capsys: pytest.CaptureFixture) -> Callable[..., Said]:
    """Give a command."""

    def give(*words: object) -> Said:
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return give


@pytest.fixture(scope="session")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty images of three channels, 16 bits, each channel in a range of its own."""
    file = tmp_path_factory.mktemp("cells") / "cells.npz"
    noise = np.random.default_rng(0).random((40, 6, 5, 3))
    low, high = np.array([100, 0, 5000]), np.array([1500, 3000, 60000])
    images = (low + noise * (high - low)).astype(np.uint16)
    np.savez(file, images=images, labels=np.arange(40) % 4)
    return file


@pytest.fixture(scope="session")
def run(cells: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAE/GAN of those."""
    path = tmp_path_factory.mktemp("runs") / "cells"
    assert main(["train", "vae_gan", str(path), "--data", str(cells), *TINY]) == 0
    return path


@pytest.fixture(scope="session")
def gan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GAN of digits."""
    path = tmp_path_factory.mktemp("runs") / "gan"
    assert main(["train", "gan", str(path), "--data", "digits", *TINY]) == 0
    return path
