"""Distances between two sets of features, in float64."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.intervals import Interval

FeatureSet = Float[Tensor, "_ d"]
"""Features, one row per image."""
SUBSAMPLES = 50
"""Subsamples for the interval of a set distance."""
BLOCK_ROWS = 1000
"""Rows of each block over which a kernel distance is averaged (Binkowski et al. 2018, section 4)."""


def has_enough_rows(n: int, d: int) -> bool:
    """Whether n rows of d features, and halves of them, have covariances of full rank."""
    return n > 2 * d


def frechet_distance(a: FeatureSet, b: FeatureSet) -> float:
    """|mu_a - mu_b|^2 + tr(S_a + S_b - 2 (S_a S_b)^(1/2)), of Gaussians fitted to both sets (Heusel et al.
    2017, equation 6)."""
    (mean_a, cov_a), (mean_b, cov_b) = (_moments(x.double()) for x in (a, b))
    root = _square_root(cov_a)
    cross = torch.linalg.eigvalsh(root @ cov_b @ root).clamp_min(0).sqrt().sum()
    mean_distance = (mean_a - mean_b).square().sum()
    return float(mean_distance + cov_a.trace() + cov_b.trace() - 2 * cross)


def kernel_distance(a: FeatureSet, b: FeatureSet) -> float:
    """Unbiased squared maximum mean discrepancy with the kernel (x . y / d + 1)^3 (Binkowski et al. 2018),
    averaged over random blocks of large sets; 0 on average, and also negative, for equal distributions."""
    count = max(1, min(len(a), len(b)) // BLOCK_ROWS)
    blocks = [_shuffle(x).tensor_split(count) for x in (a, b)]
    return sum(_squared_mmd(x, y) for x, y in zip(*blocks)) / count


def random_halves(x: FeatureSet) -> tuple[FeatureSet, FeatureSet]:
    """Two random halves of the rows; random, because a split may be sorted."""
    one, two = _shuffle(x).tensor_split(2)
    return one, two


def _shuffle(x: FeatureSet) -> FeatureSet:
    return x[torch.randperm(len(x), generator=torch.Generator().manual_seed(0))]


def _squared_mmd(a: FeatureSet, b: FeatureSet) -> float:
    x, y = a.double(), b.double()
    k_xx, k_yy, k_xy = (_cubic_kernel(p, q) for p, q in ((x, x), (y, y), (x, y)))
    n, m = len(x), len(y)
    within = (k_xx.sum() - k_xx.trace()) / (n * (n - 1)) + (k_yy.sum() - k_yy.trace()) / (m * (m - 1))
    return float(within - 2 * k_xy.mean())


def subsampling_interval(
    distance: Callable[[FeatureSet, FeatureSet], float], a: FeatureSet, b: FeatureSet, seed: int = 0
) -> Interval:
    """A distance between two sets, with a 95 % interval from halves drawn without replacement (Politis and
    Romano 1994).

    Halves vary about as much as whole sets do; the repeated rows of a bootstrap would bias the distance.
    """
    rng, value = np.random.default_rng(seed), distance(a, b)
    distances = [distance(_random_half(a, rng), _random_half(b, rng)) for _ in range(SUBSAMPLES)]
    low, high = np.quantile(distances, [0.025, 0.975]) - np.mean(distances) + value
    return Interval(value, float(low), float(high), min(len(a), len(b)))


def frechet_interval(a: FeatureSet, b: FeatureSet) -> Interval:
    """The Frechet distance with its 95 % interval, whose lower end is at least 0."""
    interval = subsampling_interval(frechet_distance, a, b)
    return interval._replace(low=max(interval.low, 0.0))


def _random_half(x: FeatureSet, rng: np.random.Generator) -> FeatureSet:
    return x[torch.from_numpy(rng.permutation(len(x))[: len(x) // 2])]


def _moments(x: FeatureSet) -> tuple[Float[Tensor, " d"], Float[Tensor, "d d"]]:
    return x.mean(0), torch.cov(x.T).reshape(x.shape[1], x.shape[1])


def _square_root(covariance: Float[Tensor, "d d"]) -> Float[Tensor, "d d"]:
    values, vectors = torch.linalg.eigh(covariance)
    return vectors * values.clamp_min(0).sqrt() @ vectors.T


def _cubic_kernel(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    return (x @ y.T / x.shape[1] + 1) ** 3
