"""Distances of two sets of features, in float64."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.intervals import Interval

Set = Float[Tensor, "_ d"]
RESAMPLES = 50
"""Bootstrap resamples of a number that is slow to make."""
BLOCK = 1000
"""Rows of each part in which a kernel distance of many is made (Binkowski et al. 2018, section 4)."""


def enough(n: int, d: int) -> bool:
    """Whether there are rows for the covariance of `d` features, of halves of them too."""
    return n > 2 * d


def frechet(a: Set, b: Set) -> float:
    """|mu_a - mu_b|^2 + tr(S_a + S_b - 2 (S_a S_b)^(1/2)), of Gaussians fitted to both (Heusel et al.
    2017, equation 6)."""
    (mean_a, cov_a), (mean_b, cov_b) = (_moments(x.double()) for x in (a, b))
    root = _root(cov_a)
    cross = torch.linalg.eigvalsh(root @ cov_b @ root).clamp_min(0).sqrt().sum()
    apart = (mean_a - mean_b).square().sum()
    return float(apart + cov_a.trace() + cov_b.trace() - 2 * cross)


def kernel(a: Set, b: Set) -> float:
    """Unbiased squared maximum mean discrepancy with the kernel (x . y / d + 1)^3 (Binkowski et al.
    2018), of many rows the mean over random blocks of them; about 0 where both are from the same
    distribution, below it as often as above."""
    count = max(1, min(len(a), len(b)) // BLOCK)
    blocks = [_mixed(x).tensor_split(count) for x in (a, b)]
    return sum(_kernel(x, y) for x, y in zip(*blocks)) / count


def halves(x: Set) -> tuple[Set, Set]:
    """The rows at random in two, because splits may be in an order."""
    one, two = _mixed(x).tensor_split(2)
    return one, two


def _mixed(x: Set) -> Set:
    return x[torch.randperm(len(x), generator=torch.Generator().manual_seed(0))]


def _kernel(a: Set, b: Set) -> float:
    x, y = a.double(), b.double()
    k_xx, k_yy, k_xy = (_cubic(p, q) for p, q in ((x, x), (y, y), (x, y)))
    n, m = len(x), len(y)
    within = (k_xx.sum() - k_xx.trace()) / (n * (n - 1)) + (k_yy.sum() - k_yy.trace()) / (m * (m - 1))
    return float(within - 2 * k_xy.mean())


def resampled(distance: Callable[[Set, Set], float], a: Set, b: Set, seed: int = 0) -> Interval:
    """A distance of two sets, and the 95 % interval from halves of them drawn without replacement, which
    spread about as much as whole sets would (Politis and Romano 1994); repeated rows would bias it."""
    rng, whole = np.random.default_rng(seed), distance(a, b)
    halves = [distance(_half(a, rng), _half(b, rng)) for _ in range(RESAMPLES)]
    low, high = np.quantile(halves, [0.025, 0.975]) - np.mean(halves) + whole
    return Interval(whole, float(low), float(high), min(len(a), len(b)))


def frechet_interval(a: Set, b: Set) -> Interval:
    """The Frechet distance with its interval, which does not reach below 0."""
    found = resampled(frechet, a, b)
    return found._replace(low=max(found.low, 0.0))


def _half(x: Set, rng: np.random.Generator) -> Set:
    return x[torch.from_numpy(rng.permutation(len(x))[: len(x) // 2])]


def _moments(x: Set) -> tuple[Float[Tensor, " d"], Float[Tensor, "d d"]]:
    return x.mean(0), torch.cov(x.T).reshape(x.shape[1], x.shape[1])


def _root(covariance: Float[Tensor, "d d"]) -> Float[Tensor, "d d"]:
    values, vectors = torch.linalg.eigh(covariance)
    return vectors * values.clamp_min(0).sqrt() @ vectors.T


def _cubic(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    return (x @ y.T / x.shape[1] + 1) ** 3
