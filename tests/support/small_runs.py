"""Trainings that take a moment, and what is read of them."""

from pathlib import Path
from typing import Any

import numpy as np

from likeness.config import Config
from likeness.runs import checkpoints, train
from likeness.runs.checkpoints import Checkpoint
from likeness.runs.run import Run
from likeness.runs.settings import gathered

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


def pixels(*shape: int, seed: int = 0, dtype: str = "uint8") -> np.ndarray:
    """Random stored images (n, h, w, c)."""
    random = np.random.default_rng(seed)
    if dtype == "float32":
        return random.normal(5, 3, shape).astype(dtype)
    return random.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def configured(data: Path | str, method: str = "ae", **settings: Any) -> Config:
    """The configuration of a tiny training."""
    net = {"name": "mlp", "hidden": 8}
    return gathered(method, TINY | {"net": net, "data": str(data)} | settings)


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
    return [int(p.name.removeprefix("step-")) for p in checkpoints.found(Run(path).checkpoints)]


def temporaries(path: Path) -> list[Path]:
    """What an interrupted write has left behind."""
    return list(path.rglob(".partial-*"))
