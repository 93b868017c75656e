"""The images nearest to one, against distances pair by pair."""

import pytest
import torch

from likeness.analysis import neighbours as room
from likeness.analysis.neighbours import embed_images, nearest_neighbours, neighbours, pixel_vectors
from likeness.losses import mean_squared_error
from support.small_metrics import images, untrained_metric


def test_the_nearest_rows_are_those_at_the_least_squared_distance() -> None:
    among = torch.tensor([[0.0, 0.0], [3.0, 4.0], [1.0, 0.0], [0.0, -2.0]])
    found = nearest_neighbours(torch.tensor([[0.0, 0.0]]), among, 3)
    assert found.rows.tolist() == [0, 2, 3]
    assert found.distances.tolist() == [0.0, 1.0, 4.0]


def test_no_more_neighbours_are_found_than_there_are() -> None:
    assert len(nearest_neighbours(torch.zeros(1, 2), torch.randn(3, 2), 9).rows) == 3


def test_squared_distances_of_flat_images_are_mean_squared_errors() -> None:
    a, b = images(4), images(4, seed=1)
    torch.testing.assert_close(
        (pixel_vectors(a) - pixel_vectors(b)).square().sum(1), mean_squared_error(a, b)
    )


def test_neighbours_by_a_metric_are_those_of_its_distances() -> None:
    metric, one, among = untrained_metric(), images(1), images(20, seed=1)
    found = neighbours(one, among, 5, metric)
    by_metric = metric.distances(one.expand_as(among), among).sort()
    by_pixels = mean_squared_error(one.expand_as(among), among).sort()
    for name, expected in (("learned", by_metric), ("pixels", by_pixels)):
        assert found[name].rows.tolist() == expected.indices[:5].tolist()
        torch.testing.assert_close(found[name].distances, expected.values[:5], rtol=1e-4, atol=1e-6)
    assert list(neighbours(one, among, 5, None)) == ["pixels"]


def test_neighbours_are_looked_for_among_the_first_where_memory_is_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    metric, x = untrained_metric(), images(6)
    whole = embed_images(metric, x)
    monkeypatch.setattr(room, "MAX_EMBEDDING_NUMBERS", 4 * whole.shape[1] + 1)
    assert torch.equal(embed_images(metric, x), whole[:4])
    monkeypatch.setattr(room, "MAX_EMBEDDING_NUMBERS", 1)
    assert len(embed_images(metric, x)) == 1
