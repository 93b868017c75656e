"""Distances of sets of features against closed forms, SciPy, and definitions written out."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from sklearn.metrics.pairwise import polynomial_kernel
from torch import Tensor

from likeness.metrics import _sets
from likeness.metrics._sets import (
    frechet_distance,
    frechet_interval,
    has_enough_rows,
    kernel_distance,
    random_halves,
    subsampling_interval,
)
from support.points import points


def test_frechet_of_correlated_sets_is_the_formula_with_scipys_root() -> None:
    mix = points(6, 6, 9)
    a, b = points(300, 6) @ mix, points(200, 6, 1, 2.0, 0.5)
    cov = [np.cov(x.double().numpy().T) for x in (a, b)]
    apart = ((a.double().mean(0) - b.double().mean(0)) ** 2).sum()
    expected = apart + np.trace(cov[0] + cov[1] - 2 * np.real(sqrtm(cov[0] @ cov[1])))
    assert frechet_distance(a, b) == pytest.approx(float(expected), rel=1e-8)


def test_frechet_of_known_normals_is_its_closed_form() -> None:
    """|m|^2 + d (s - 1)^2 for N(0, I) and N(m, s^2 I)."""
    a, b = points(200_000, 3), points(200_000, 3, 1, 2.0, 1.5)
    assert frechet_distance(a, b) == pytest.approx(3 * 1.5**2 + 3 * (2 - 1) ** 2, rel=0.01)
    assert abs(frechet_distance(a, a)) < 1e-9


def test_the_kernel_distance_is_that_of_scikit_learns_kernel() -> None:
    a, b = points(40, 5), points(30, 5, 1, 1.3)
    k = {
        name: polynomial_kernel(p, q, 3, 1 / 5, 1)
        for name, p, q in (("aa", a, a), ("bb", b, b), ("ab", a, b))
    }
    expected = (
        (k["aa"].sum() - np.trace(k["aa"])) / (40 * 39)
        + (k["bb"].sum() - np.trace(k["bb"])) / (30 * 29)
        - 2 * k["ab"].mean()
    )
    assert kernel_distance(a, b) == pytest.approx(expected, rel=1e-4)


def test_the_kernel_distance_of_many_is_the_mean_over_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = points(400, 3), points(500, 3, 1, 1.3)
    whole = kernel_distance(a, b)
    monkeypatch.setattr(_sets, "BLOCK_ROWS", 100)
    assert kernel_distance(a, b) != whole and kernel_distance(a, b) == pytest.approx(whole, rel=0.5)
    ordered = a[a[:, 0].argsort()]  # whose blocks, unless mixed, would be far apart
    assert abs(kernel_distance(ordered, points(400, 3, 2))) < 0.5 * whole


def test_the_kernel_distance_of_equal_distributions_is_nought_on_average() -> None:
    found = np.array([kernel_distance(points(50, 4, 2 * s), points(50, 4, 2 * s + 1)) for s in range(200)])
    assert abs(found.mean()) < 3 * found.std() / np.sqrt(200)
    assert (found < 0).mean() > 0.3


def test_intervals_of_sets_cover_a_truth_that_is_known() -> None:
    """Of the kernel distance, which has no bias: the mean over many sets is the truth."""

    def pair(seed: int) -> tuple[Tensor, Tensor]:
        return points(80, 3, seed), points(80, 3, seed + 10_000, 1.0, 0.6)

    truth = np.mean([kernel_distance(*pair(seed)) for seed in range(400)])
    covered = 0
    for seed in range(40):
        found = subsampling_interval(kernel_distance, *pair(1000 + seed))
        covered += found.low <= truth <= found.high
        assert found.images == 80
    assert covered >= 32


def test_of_one_feature_frechet_is_that_of_means_and_deviations() -> None:
    a, b = points(50, 1), points(40, 1, 1, 3.0, 2.0)
    expected = (a.mean() - b.mean()) ** 2 + (a.std() - b.std()) ** 2
    assert frechet_distance(a, b) == pytest.approx(float(expected), rel=1e-5)


def test_halves_share_no_row_and_leave_none_out() -> None:
    rows = points(41, 2)
    one, two = random_halves(rows)
    assert abs(len(one) - len(two)) == 1
    assert torch.equal(torch.cat([one, two])[:, 0].sort().values, rows[:, 0].sort().values)
    assert not torch.equal(one, rows[: len(one)]), "splits may be in an order"


@pytest.mark.parametrize("d", [2, 4])
def test_rows_are_enough_where_the_larger_half_has_a_covariance_of_full_rank(d: int) -> None:
    least = next(n for n in range(1, 50) if has_enough_rows(n, d))
    half = points(least, d).double().tensor_split(2)[0]
    assert torch.linalg.matrix_rank(torch.cov(half.T).reshape(d, d)) == d
    fewer = points(least - 1, d).double().tensor_split(2)[1]
    assert torch.linalg.matrix_rank(torch.cov(fewer.T).reshape(d, d)) < d


def test_an_interval_of_frechet_does_not_reach_below_nought() -> None:
    a = points(40, 3)
    assert subsampling_interval(frechet_distance, a, a).low < 0 == frechet_interval(a, a).low
