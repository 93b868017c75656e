"""How well a score puts odd images above usual ones."""

import numpy as np
from jaxtyping import Bool, Float
from torch import Tensor

from likeness.intervals import BOOTSTRAP_RESAMPLES, Interval


def auroc(scores: Float[Tensor, " n"], odd: Bool[Tensor, " n"], seed: int = 0) -> Interval:
    """The chance that an odd image scores above a usual one (area under the ROC curve), with its 95 %
    bootstrap interval, resampled within odd and usual images apart."""
    s, y = scores.double().numpy(), odd.numpy()
    high, usual = s[y], np.sort(s[~y])
    first, last = (np.searchsorted(usual, high, side) for side in ("left", "right"))

    def area(times_odd: np.ndarray, times_usual: np.ndarray) -> float:
        """Of each image so many times: pairs in the right order, ties as halves (Mann and Whitney 1947)."""
        below = np.concatenate([[0], np.cumsum(times_usual)])
        return float(times_odd @ (below[first] + below[last]) / (2 * len(high) * len(usual)))

    rng = np.random.default_rng(seed)
    areas = [area(_drawn(rng, len(high)), _drawn(rng, len(usual))) for _ in range(BOOTSTRAP_RESAMPLES)]
    low, top = np.quantile(areas, [0.025, 0.975])
    return Interval(area(np.ones(len(high)), np.ones(len(usual))), float(low), float(top), len(s))


def _drawn(rng: np.random.Generator, n: int) -> np.ndarray:
    """How often each of `n` is drawn in `n` draws."""
    return np.bincount(rng.integers(0, n, n), minlength=n)
