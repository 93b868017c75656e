"""Images made at random."""

import numpy as np


def noise(*shape: int, seed: int = 0, dtype: str = "uint8") -> np.ndarray:
    """Random pixels."""
    top = 255 if dtype == "uint8" else 60_000
    return np.random.default_rng(seed).integers(0, top, shape).astype(dtype)
