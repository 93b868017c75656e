"""Nearest neighbours of sets against definitions written out."""

import pytest
import torch

from likeness.metrics import _neighbours
from likeness.metrics._neighbours import kth_distances, nearest_distances, neighbourhood_scores
from support.points import points


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
    found = neighbourhood_scores(real, made, k)
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
    same = {name: float(v.mean()) for name, v in neighbourhood_scores(real, points(1000, 4, 1), 5).items()}
    assert abs(same["density"] - 1) < 0.1 and same["coverage"] > 0.9
    one = {
        name: float(v.mean()) for name, v in neighbourhood_scores(real, points(1000, 4, 1, 0.01), 5).items()
    }
    assert one["precision"] == 1 and one["recall"] < 0.01 and one["coverage"] < 0.1


def test_reach_and_nearest_are_those_of_sorted_distances() -> None:
    a, b = points(20, 3), points(15, 3, 1)
    apart = (a[:, None] - b[None]).norm(dim=2)
    assert torch.allclose(nearest_distances(a, b).float(), apart.amin(1), atol=1e-5)
    own = (a[:, None] - a[None]).norm(dim=2).sort(1).values
    assert torch.allclose(kth_distances(a, 4).float(), own[:, 4], atol=1e-5)


def test_parts_in_which_points_are_looked_at_change_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    real, made = points(31, 3), points(23, 3, 1)
    whole = neighbourhood_scores(real, made, 3) | {"nearest": nearest_distances(real, made)}
    monkeypatch.setattr(_neighbours, "MAX_ROWS", 7)
    parts = neighbourhood_scores(real, made, 3) | {"nearest": nearest_distances(real, made)}
    assert all(torch.allclose(parts[name], whole[name]) for name in whole) and len(whole) == 5
