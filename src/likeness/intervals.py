"""Means with the interval in which they may well be."""

from typing import NamedTuple

import numpy as np

from likeness.shapes import PerSample

RESAMPLES = 1000


class Interval(NamedTuple):
    """A mean, and where it may well be."""

    mean: float
    low: float
    high: float
    images: int


def interval(values: PerSample, seed: int = 0) -> Interval:
    """The mean of values and its 95 % bootstrap interval (Efron 1979, percentile method)."""
    v = values.double().cpu().numpy()
    rng = np.random.default_rng(seed)
    means = [v[rng.integers(0, len(v), len(v))].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(v.mean()), float(low), float(high), len(v))
