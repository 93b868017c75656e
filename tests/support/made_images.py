"""Images made at random."""

import io

import numpy as np
import torch
from PIL import Image
from scipy import ndimage
from torch import Tensor


def noise(*shape: int, seed: int = 0, dtype: str = "uint8") -> np.ndarray:
    """Random pixels."""
    top = 255 if dtype == "uint8" else 60_000
    return np.random.default_rng(seed).integers(0, top, shape).astype(dtype)


def smooth(n: int = 6, side: int = 24) -> Tensor:
    """Smooth images of two channels in [-1, 1]."""
    white = np.random.default_rng(0).normal(size=(n, 2, side, side))
    x = ndimage.gaussian_filter(white, (0, 0, 2, 2))
    return torch.from_numpy(x / np.abs(x).max()).float()


def png(array: np.ndarray) -> bytes:
    """Pixels as the bytes of a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()
