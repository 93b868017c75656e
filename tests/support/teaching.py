"""Images with a content that views keep, on which a metric can be taught in seconds."""

import numpy as np

from likeness.data.dataset import Split
from likeness.data.reading.scaling import Scaling
from likeness.shapes import UNLABELLED


def stripes(n: int, side: int = 16, channels: int = 1, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, side, side, channels) of stripes of four directions and random phases, brightness and
    noise, and the direction of each."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 4, n)
    rows, columns = np.mgrid[:side, :side]
    angle = labels * np.pi / 4 + 0.1
    across = np.cos(angle)[:, None, None] * rows + np.sin(angle)[:, None, None] * columns
    waves = np.sin(across * 2 * np.pi / 5 + random.uniform(0, 6.3, (n, 1, 1)))
    noise = random.normal(0, 25, (n, side, side)) + random.normal(0, 45, (n, 1, 1))
    pictures = 128 + random.uniform(20, 60, (n, 1, 1)) * waves + noise
    return np.repeat(pictures.clip(0, 255).astype(np.uint8)[..., None], channels, 3), labels


def split_of(images: np.ndarray, labels: np.ndarray | None = None) -> tuple[Split, Scaling]:
    """A training split of stored images, and how they are scaled."""
    count, channels = len(images), images.shape[3]
    known = np.full(count, UNLABELLED) if labels is None else labels
    scaling = Scaling("uint8", (0.0,) * channels, (255.0,) * channels)
    return Split("train", images, known, [str(k) for k in range(count)]), scaling
