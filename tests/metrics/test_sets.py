"""Distances of sets of features against closed forms, SciPy, and definitions written out."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from sklearn.metrics.pairwise import polynomial_kernel
from torch import Tensor

from likeness.metrics import _sets, distributions
from likeness.metrics._neighbours import nearest, neighbourhoods, reach
from likeness.metrics._sets import frechet, kernel, resampled


def points(n: int, d: int, seed: int = 0, std: float = 1.0, mean: float = 0.0) -> Tensor:
    """Points of a normal."""
    return mean + std * torch.randn(n, d, generator=torch.Generator().manual_seed(seed))


def test_frechet_of_correlated_sets_is_the_formula_with_scipys_root() -> None:
    mix = points(6, 6, 9)
    a, b = points(300, 6) @ mix, points(200, 6, 1, 2.0, 0.5)
    cov = [np.cov(x.double().numpy().T) for x in (a, b)]
    apart = ((a.double().mean(0) - b.double().mean(0)) ** 2).sum()
    expected = apart + np.trace(cov[0] + cov[1] - 2 * np.real(sqrtm(cov[0] @ cov[1])))
    assert frechet(a, b) == pytest.approx(float(expected), rel=1e-8)


def test_frechet_of_known_normals_is_its_closed_form() -> None:
    """|m|^2 + d (s - 1)^2 for N(0, I) and N(m, s^2 I)."""
    a, b = points(200_000, 3), points(200_000, 3, 1, 2.0, 1.5)
    assert frechet(a, b) == pytest.approx(3 * 1.5**2 + 3 * (2 - 1) ** 2, rel=0.01)
    assert abs(frechet(a, a)) < 1e-9


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
    assert kernel(a, b) == pytest.approx(expected, rel=1e-4)


def test_the_kernel_distance_of_many_is_the_mean_over_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = points(400, 3), points(500, 3, 1, 1.3)
    whole = kernel(a, b)
    monkeypatch.setattr(_sets, "BLOCK", 100)
    assert kernel(a, b) != whole and kernel(a, b) == pytest.approx(whole, rel=0.5)
    ordered = a[a[:, 0].argsort()]  # whose blocks, unless mixed, would be far apart
    assert abs(kernel(ordered, points(400, 3, 2))) < 0.5 * whole


def test_the_kernel_distance_of_equal_distributions_is_nought_on_average() -> None:
    found = np.array([kernel(points(50, 4, 2 * s), points(50, 4, 2 * s + 1)) for s in range(200)])
    assert abs(found.mean()) < 3 * found.std() / np.sqrt(200)
    assert (found < 0).mean() > 0.3


def test_reconstructions_are_compared_with_images_that_are_not_their_own() -> None:
    """Beside their own, identical copies would be nearer than another half of the images is."""
    near = [dict(distributions._compared("", x, x, paired=True))["kernel"] for x in map(seeded, range(8))]
    assert abs(np.mean([found.mean for found in near])) < 0.02
    assert kernel(seeded(0), seeded(0)) < -0.05


def seeded(seed: int) -> Tensor:
    """Some points."""
    return points(200, 16, seed)


def test_intervals_of_sets_cover_a_truth_that_is_known() -> None:
    """Of the kernel distance, which has no bias: the mean over many sets is the truth."""

    def pair(seed: int) -> tuple[Tensor, Tensor]:
        return points(80, 3, seed), points(80, 3, seed + 10_000, 1.0, 0.6)

    truth = np.mean([kernel(*pair(seed)) for seed in range(400)])
    covered = 0
    for seed in range(40):
        found = resampled(kernel, *pair(1000 + seed))
        covered += found.low <= truth <= found.high
        assert found.images == 80
    assert covered >= 32


def test_neighbourhoods_are_their_definitions() -> None:
    real, made, k = points(30, 2), points(25, 2, 1, 1.5), 3
    r = [
        sorted(float((a - b).norm()) for j, b in enumerate(real) if j != i)[k - 1]
        for i, a in enumerate(real)
    ]
    m = [
        sorted(float((a - b).norm()) for j, b in enumerate(made) if j != i)[k - 1]
        for i, a in enumerate(made)
    ]
    far = [[float((a - b).norm()) for b in made] for a in real]
    found = neighbourhoods(real, made, k)
    precision = [any(far[i][j] <= r[i] for i in range(30)) for j in range(25)]
    recall = [any(far[i][j] <= m[j] for j in range(25)) for i in range(30)]
    density = [sum(far[i][j] <= r[i] for i in range(30)) / k for j in range(25)]
    coverage = [any(far[i][j] <= r[i] for j in range(25)) for i in range(30)]
    assert found["precision"].tolist() == [float(v) for v in precision]
    assert found["recall"].tolist() == [float(v) for v in recall]
    assert torch.allclose(found["density"], torch.tensor(density))
    assert found["coverage"].tolist() == [float(v) for v in coverage]


def test_neighbourhoods_of_the_same_distribution_and_of_one_that_collapsed() -> None:
    real = points(1000, 4)
    same = {name: float(v.mean()) for name, v in neighbourhoods(real, points(1000, 4, 1), 5).items()}
    assert abs(same["density"] - 1) < 0.1 and same["coverage"] > 0.9
    one = {name: float(v.mean()) for name, v in neighbourhoods(real, points(1000, 4, 1, 0.01), 5).items()}
    assert one["precision"] == 1 and one["recall"] < 0.01 and one["coverage"] < 0.1


def test_reach_and_nearest_are_those_of_sorted_distances() -> None:
    a, b = points(20, 3), points(15, 3, 1)
    apart = (a[:, None] - b[None]).norm(dim=2)
    assert torch.allclose(nearest(a, b).float(), apart.amin(1), atol=1e-5)
    own = (a[:, None] - a[None]).norm(dim=2).sort(1).values
    assert torch.allclose(reach(a, 4).float(), own[:, 4], atol=1e-5)
