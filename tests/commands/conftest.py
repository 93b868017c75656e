"""A few tiny trained runs for every command, a directory to give commands in, and a way to give them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import likeness as package
from likeness.__main__ import main
from likeness.predictors import fitting, regressor
from support.commands import DIGITS, TINY, Likeness, Said
from support.marked import write_marked

TINY_SETTINGS: dict[str, Any] = {
    "net": {"name": "mlp", "hidden": 16}, "steps": 4, "batch": 8, "latent": 3,
}  # fmt: skip
"""What `TINY` says, in Python."""
LEARNING = ["--steps", "150", "--lr", "0.01", "--beta", "0.003"]
"""Enough for every direction of the codes to change what is decoded."""


@pytest.fixture
def likeness(capsys: pytest.CaptureFixture[str]) -> Likeness:
    """Give a command."""

    def give(*words: object) -> Said:
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return give


@pytest.fixture(scope="session")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty images of three channels, 16 bits, each channel in a range of its own; they differ in how
    bright they are, the more so the higher the class, and in where."""
    file = tmp_path_factory.mktemp("cells") / "cells.npz"
    random, labels = np.random.default_rng(0), np.arange(40) % 4
    shares = np.linspace(-1, 1, 6)[:, None], np.linspace(-1, 1, 5)[None]
    patterns = np.stack(np.broadcast_arrays(1.0, *shares))
    much = random.standard_normal((40, 3)) + np.stack([labels - 1.5, 0 * labels, 0 * labels], 1)
    noise = 0.1 * random.standard_normal((40, 6, 5, 3))
    share = 0.5 + 0.12 * np.tensordot(much, patterns, 1)[..., None] + noise
    low, high = np.array([100, 0, 5000]), np.array([1500, 3000, 60000])
    images = (low + share.clip(0, 1) * (high - low)).astype(np.uint16)
    np.savez(file, images=images, labels=labels)
    return file


@pytest.fixture(scope="session")
def run(cells: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAE/GAN of those, whose codes say something: its players are those of a VAE that has learned."""
    folder = tmp_path_factory.mktemp("runs")
    words = ["--data", str(cells), *TINY]
    assert main(["train", "vae", str(folder / "vae"), *words, *LEARNING]) == 0
    learned = ["--borrow", "encoder", str(folder / "vae"), "--borrow", "decoder", str(folder / "vae")]
    assert main(["train", "vae_gan", str(folder / "cells"), *words, *learned]) == 0
    return folder / "cells"


@pytest.fixture(scope="session")
def gan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GAN of digits, whose samples differ."""
    path = tmp_path_factory.mktemp("runs") / "gan"
    assert main(["train", "gan", str(path), *DIGITS, "--steps", "20", "--lr", "0.01"]) == 0
    return path


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAE/GAN of digits with two checkpoints, and averaged weights."""
    path = tmp_path_factory.mktemp("runs") / "kept"
    words = ["--net", "larsen", "--net.width", "0.06", "--steps", "4", "--batch", "8", "--latent", "3"]
    more = ["--checkpoint-every", "2", "--ema", "0.5"]
    assert main(["train", "vae_gan", str(path), "--data", "digits", *words, *more]) == 0
    return path


@pytest.fixture(scope="session")
def styled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that tells class from style, of few labels."""
    path = tmp_path_factory.mktemp("runs") / "semi"
    words = ["--labels", "100", "--net.hidden", "64", "--batch", "32", "--steps", "60", "--lr", "0.01"]
    assert main(["train", "aae_semi", str(path), *DIGITS, *words]) == 0
    return path


@pytest.fixture(scope="session")
def clustered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that finds sixteen classes by itself."""
    path = tmp_path_factory.mktemp("runs") / "clusters"
    assert main(["train", "aae_cluster", str(path), *DIGITS, "--batch", "20"]) == 0
    return path


@pytest.fixture(scope="session")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with codes in the plane."""
    path = tmp_path_factory.mktemp("runs") / "flat"
    words = ["--latent", "2", "--steps", "60", "--lr", "0.01"]
    assert main(["train", "aae_labels", str(path), *DIGITS, *words]) == 0
    return path


@pytest.fixture
def place(run: Path, gan: Path, cells: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to give commands in: two runs, three images of cells, and one digit."""
    monkeypatch.chdir(tmp_path)
    Path("run").symlink_to(run)
    Path("gan").symlink_to(gan)
    Path("cells.npz").symlink_to(cells)
    images = np.load(cells)["images"]
    for k in (5, 6, 7):
        np.save(f"{k}.npy", images[k])
    np.save("digit.npy", np.arange(64, dtype=np.uint8).reshape(8, 8, 1))
    Path("notes.txt").write_text("mine")
    return tmp_path


@pytest.fixture(scope="session")
def attributed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with images that are dark or not, striped or not, and runs of them: a GAN and a VAE/GAN
    that are conditioned on both, a plain VAE/GAN that is not, and a VAE of digits."""
    folder = tmp_path_factory.mktemp("attributes")
    write_marked(folder)
    np.save(folder / "one.npy", np.zeros((8, 8, 1), np.uint8))
    np.save(folder / "codes.npy", np.zeros((2, 3), np.float32))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        both = {"data": "marked.npz", "condition": ["dark", "striped"]}
        package.train("gan", "gan", **TINY_SETTINGS, **both)
        package.train("vae_gan", "vae_gan", **TINY_SETTINGS | {"steps": 40}, **both, lr=0.02, beta=0.01)
        package.train("vae_gan", "plain", **TINY_SETTINGS, data="marked.npz")
        package.train("vae", "numbers", **TINY_SETTINGS, data="digits")
    return folder


@pytest.fixture
def marked(attributed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to give commands in, with all of those; regressors train a moment."""
    monkeypatch.chdir(tmp_path)
    for path in attributed.iterdir():
        Path(path.name).symlink_to(path)
    monkeypatch.setattr(regressor, "STEPS", 60)
    monkeypatch.setattr(regressor, "BATCH_SIZE", 32)
    monkeypatch.setattr(fitting, "VALIDATION_INTERVAL", 20)
    return tmp_path
