"""Images with attributes that can be seen: dark or not, striped or not."""

from pathlib import Path

import numpy as np


def write_marked(folder: Path) -> None:
    """Two hundred grey images of 8 x 8: `marked.npz` with both attributes, `bare.npz` with none, and
    `other.npz` with the first turned round and the second under another name."""
    random = np.random.default_rng(0)
    dark, striped = random.integers(0, 2, (2, 200))
    images = 128 + 40 * random.standard_normal((200, 8, 8, 1)) - 60 * dark[:, None, None, None]
    images[:, ::2] += 60 * striped[:, None, None, None]
    images = images.clip(0, 255).astype(np.uint8)
    np.savez(folder / "marked.npz", images=images, dark=dark, striped=striped)
    np.savez(folder / "bare.npz", images=images)
    np.savez(folder / "other.npz", images=images, dark=1 - dark, tall=striped)
