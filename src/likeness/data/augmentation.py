"""Training images mirrored and moved, by choices that were drawn beforehand."""

import numpy as np
import torch
from torch import Tensor


def augmented(stored: Tensor, mirror: np.ndarray, move: np.ndarray) -> Tensor:
    """`stored` (n, h, w, c), mirrored where `mirror` (n,), moved by `move` (n, 2) rows and columns.

    Edges are repeated.
    """
    if stored.dtype == torch.uint16:  # which torch cannot index
        return augmented(stored.view(torch.int16), mirror, move).view(torch.uint16)
    if move.any():
        return _moved(stored, mirror, move)
    if mirror.any():
        which = torch.from_numpy(np.flatnonzero(mirror)).to(stored.device)
        return stored.index_copy(0, which, stored[which].flip(2))
    return stored


def _moved(stored: Tensor, mirror: np.ndarray, move: np.ndarray) -> Tensor:
    height, width = stored.shape[1:3]
    rows = (np.arange(height) - move[:, :1]).clip(0, height - 1)
    cols = (np.arange(width) - move[:, 1:]).clip(0, width - 1)
    cols = np.where(mirror[:, None], cols[:, ::-1], cols)
    which = np.arange(len(move))[:, None, None]
    places = (which, rows[:, :, None], cols[:, None])
    return stored[tuple(torch.from_numpy(place).to(stored.device) for place in places)]
