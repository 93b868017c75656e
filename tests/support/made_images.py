"""Images made at random."""

import io

import numpy as np
from PIL import Image


def noise(*shape: int, seed: int = 0, dtype: str = "uint8") -> np.ndarray:
    """Random pixels."""
    top = 255 if dtype == "uint8" else 60_000
    return np.random.default_rng(seed).integers(0, top, shape).astype(dtype)


def png(array: np.ndarray) -> bytes:
    """Pixels as the bytes of a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()
