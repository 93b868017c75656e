"""The two games that are timed, and their networks: the same for every contender."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from likeness import config
from likeness.batch import Batch
from likeness.config import Config
from likeness.nets import Networks
from likeness.shapes import Shape

GAMES: dict[str, dict[str, Any]] = {
    "vae_gan": {
        "method": "vae_gan",
        "net": {"name": "larsen"},
        "objective": {"latent": 128, "balance": False},  # every move at every step, as in the others
        "training": {"batch": 64},
    },
    "aae": {
        "method": "aae",
        "net": {"name": "mlp"},
        "objective": {"latent": 8},
        "training": {"batch": 100},
    },
}


TRAINING = ("precision", "batch", "accumulate", "gradient_checkpointing", "compile")
"""Settings of a training that options may change."""


def configured(o: dict[str, Any]) -> Config:
    """The configuration of a game, after options that change it."""
    game = GAMES[o["game"]]
    net = game["net"] | ({"width": o["width"]} if "width" in o else {})
    training = game["training"] | {k: o[k] for k in TRAINING if k in o}
    data = {"data": o.get("data", "digits"), "validation": 0.0, "test": 0.0}
    latent = {"latent": o["latent"]} if "latent" in o else {}
    return config.build(
        game
        | {
            "net": net,
            "objective": game["objective"] | latent,
            "training": training | {"seed": 1},
            "data": data,
            "log": o.get("log", {}),
        }
    )


def shape_of(o: dict[str, Any]) -> Shape:
    """The shape of the images of a game."""
    side = o["side"]
    return Shape(1 if o["game"] == "aae" else 3, side, side)


def made_images(n: int, shape: Shape, seed: int = 0) -> np.ndarray:
    """Smooth synthetic images (n, h, w, c) uint8: sums of a few waves."""
    draw = np.random.default_rng(seed)
    axes = [np.linspace(0, 1, side, dtype=np.float32) for side in shape[1:]]
    waves = draw.uniform(-6, 6, (3, n, 2, shape.channels)).astype(np.float32)
    phase = waves[:2] * np.pi
    rows = np.sin(phase[0][:, 0, None, None] * axes[0][None, :, None, None] + waves[2][:, None, None, 0])
    cols = np.cos(phase[1][:, 1, None, None] * axes[1][None, None, :, None] + waves[2][:, None, None, 1])
    return ((rows + cols + 2) * 63).astype(np.uint8)


def saved_images(o: dict[str, Any], folder: Path) -> Path:
    """The images of a game as an .npy file; made once."""
    shape = shape_of(o)
    file = folder / f"{o['images']}x{shape.channels}x{shape[1]}.npy"
    if not file.exists():
        np.save(file, made_images(o["images"], shape))
    return file


def unit_images(o: dict[str, Any]) -> torch.Tensor:
    """The same images in [-1, 1], all in memory, channels first: what pythae is given."""
    stored = torch.from_numpy(np.load(o["file"]))
    return stored.permute(0, 3, 1, 2).contiguous().float() / 127.5 - 1


def fixed_batch(o: dict[str, Any], n: int) -> Batch:
    """One batch that stays."""
    x = torch.from_numpy(made_images(n, shape_of(o))).permute(0, 3, 1, 2).contiguous().float() / 127.5 - 1
    return Batch(x, torch.full((n,), -1), torch.arange(n))


def plain_networks(o: dict[str, Any]) -> Networks:
    """The players as the family builds them: float32, contiguous."""
    c = configured(o)
    torch.manual_seed(1)
    return Networks(c.objective.players(c.net, shape_of(o)))
