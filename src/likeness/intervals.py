"""Means and other statistics with bootstrap intervals."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.shapes import PerSample

BOOTSTRAP_RESAMPLES = 1000
"""Bootstrap resamples for the interval of a mean."""
ROW_RESAMPLES = 200
"""Bootstrap resamples for the interval of a statistic of rows, which is slower to compute."""


class Interval(NamedTuple):
    """A number and its 95 % interval."""

    mean: float
    low: float
    high: float
    images: int


def interval(values: PerSample, seed: int = 0) -> Interval:
    """The mean of values (n,) and its 95 % bootstrap interval (Efron 1979, percentile method)."""
    v = values.double().cpu().numpy()
    rng = np.random.default_rng(seed)
    means = [v[rng.integers(0, len(v), len(v))].mean() for _ in range(BOOTSTRAP_RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(v.mean()), float(low), float(high), len(v))


def statistic_interval(
    rows: Float[Tensor, "n d"], statistic: Callable[[Float[Tensor, "n d"]], float], seed: int = 0
) -> Interval:
    """A statistic of all rows (n, d) and its 95 % bootstrap interval.

    The bootstrap quantiles are centred on the statistic, so that the bias of resampling, such as that of
    a standard deviation, does not count twice.
    """
    rng, value = np.random.default_rng(seed), statistic(rows)
    indices = (torch.from_numpy(rng.integers(0, len(rows), len(rows))) for _ in range(ROW_RESAMPLES))
    resampled = [statistic(rows[index]) for index in indices]
    low, high = np.quantile(resampled, [0.025, 0.975]) - np.mean(resampled) + value
    return Interval(value, float(low), float(high), len(rows))
