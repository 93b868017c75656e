"""Area under the ROC curve of anomaly scores."""

import numpy as np
from jaxtyping import Bool, Float
from torch import Tensor

from likeness.intervals import BOOTSTRAP_RESAMPLES, Interval


def auroc(scores: Float[Tensor, " n"], anomalous: Bool[Tensor, " n"], seed: int = 0) -> Interval:
    """The probability that an anomalous image scores higher than a normal one (area under the ROC curve),
    with its 95 % bootstrap interval, resampled within anomalous and within normal images."""
    s, y = scores.double().numpy(), anomalous.numpy()
    high, normal = s[y], np.sort(s[~y])
    first, last = (np.searchsorted(normal, high, side) for side in ("left", "right"))

    def area(anomalous_counts: np.ndarray, normal_counts: np.ndarray) -> float:
        """Share of pairs in the right order, ties as halves (Mann and Whitney 1947), of images that count
        as often as the counts say."""
        below = np.concatenate([[0], np.cumsum(normal_counts)])
        return float(anomalous_counts @ (below[first] + below[last]) / (2 * len(high) * len(normal)))

    rng = np.random.default_rng(seed)
    areas = [
        area(_draw_counts(rng, len(high)), _draw_counts(rng, len(normal)))
        for _ in range(BOOTSTRAP_RESAMPLES)
    ]
    low, top = np.quantile(areas, [0.025, 0.975])
    return Interval(area(np.ones(len(high)), np.ones(len(normal))), float(low), float(top), len(s))


def _draw_counts(rng: np.random.Generator, n: int) -> np.ndarray:
    """Counts of each of `n` items in `n` draws with replacement."""
    return np.bincount(rng.integers(0, n, n), minlength=n)
