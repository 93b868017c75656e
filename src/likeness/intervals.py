"""Means with the interval in which they may well be."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.shapes import PerSample

RESAMPLES = 1000
FEWER = 200
"""Resamples of a statistic of whole rows, which is slower to make."""


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


def of_rows(
    rows: Float[Tensor, "n d"], statistic: Callable[[Float[Tensor, "n d"]], float], seed: int = 0
) -> Interval:
    """A statistic of rows as a whole, and its 95 % interval: the statistic's bootstrap quantiles, moved
    so that resampling's own bias, such as that of a spread, does not count twice."""
    rng, whole = np.random.default_rng(seed), statistic(rows)
    draws = (torch.from_numpy(rng.integers(0, len(rows), len(rows))) for _ in range(FEWER))
    found = [statistic(rows[draw]) for draw in draws]
    low, high = np.quantile(found, [0.025, 0.975]) - np.mean(found) + whole
    return Interval(whole, float(low), float(high), len(rows))
