"""Trainings that take a moment, and what is read of them."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from likeness.config import Config
from likeness.models.autoencoder import Autoencoder
from likeness.runs import checkpoints, train
from likeness.runs.checkpoints import Checkpoint
from likeness.runs.loading import load_model
from likeness.runs.run import Run
from likeness.runs.settings import gather

TINY = {
    "latent": 3,
    "batch": 4,
    "steps": 4,
    "precision": "float32",
    "device": "cpu",
}
FLAGS = [
    "--net", "mlp", "--net.hidden", "8", "--latent", "3", "--batch", "4", "--precision", "float32",
    "--device", "cpu",
]  # fmt: skip
"""The same for the command line, but for the steps."""
KINDS = [("uint8", 1), ("uint8", 3), ("uint16", 1), ("uint16", 3), ("float32", 2)]
"""Types and channels of stored images, for the tests of what depends on them."""


def pixels(*shape: int, seed: int = 0, dtype: str = "uint8") -> np.ndarray:
    """Random stored images (n, h, w, c)."""
    random = np.random.default_rng(seed)
    if dtype == "float32":
        return random.normal(5, 3, shape).astype(dtype)
    return random.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def configured(data: Path | str, method: str = "ae", **settings: Any) -> Config:
    """The configuration of a tiny training."""
    net = {"name": "mlp", "hidden": 8}
    return gather(method, TINY | {"net": net, "data": str(data)} | settings)


def trained(
    path: Path, data: Path | str, method: str = "ae", *, resume: bool = False, **settings: Any
) -> Run:
    """A tiny training, ended."""
    return train.train(configured(data, method, **settings), path, resume=resume)


def newest(path: Path) -> Checkpoint:
    """The newest intact checkpoint of a run."""
    return checkpoints.newest(Run(path).checkpoints)[0]


def weights(path: Path, name: str = checkpoints.WEIGHTS) -> tuple[int, bytes]:
    """Step and weights that a run ended with, to be compared bit by bit."""
    found = newest(path)
    return found.step, found.files[name]


def steps(path: Path) -> list[int]:
    """Steps of the checkpoints that are there."""
    return [int(p.name.removeprefix("step-")) for p in checkpoints.list_checkpoints(Run(path).checkpoints)]


def temporaries(path: Path) -> list[Path]:
    """What an interrupted write has left behind."""
    return list(path.rglob(".partial-*"))


class Known(NamedTuple):
    """A trained model, and where it comes from."""

    model: Autoencoder
    stored: np.ndarray
    """The images (n, h, w, c) of its data, as they are in the file."""
    path: Path
    """Its run."""
    data: Path
    """The file of its data."""


class Models:
    """Tiny trained models of images of 6x5 pixels, each trained once."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._known = folder, dict[str, Known]()

    def __call__(
        self, dtype: str = "uint8", channels: int = 1, method: str = "vae", *,
        images: int = 20, label_count: int = 0, **settings: Any,
    ) -> Known:  # fmt: skip
        """The model of so many random images, labelled where there is a `label_count`."""
        key = repr((dtype, channels, method, images, label_count, settings))
        if key not in self._known:
            data = self._folder / f"{dtype}-{channels}-{images}-{label_count}.npz"
            stored = pixels(images, 6, 5, channels, dtype=dtype)
            if label_count:
                np.savez(data, images=stored, labels=np.arange(images) % label_count)
            else:
                np.savez(data, images=stored)
            path = self._folder / f"{method}-{len(self._known)}"
            trained(path, data, method, **settings)
            self._known[key] = Known(load_model(path), stored, path, data)
        return self._known[key]
