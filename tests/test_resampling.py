"""Images read between their pixels."""

import pytest
import torch

from likeness.resampling import from_middle, resample

X = torch.rand(3, 2, 5, 4, generator=torch.Generator().manual_seed(0))


def test_places_are_pixels_from_the_middle() -> None:
    rows, columns = from_middle(X)
    assert rows[:, 0].tolist() == [-2, -1, 0, 1, 2]
    assert columns.tolist() == [-1.5, -0.5, 0.5, 1.5]


@pytest.mark.parametrize("edges", ["border", "reflection"])
def test_images_at_their_own_places_are_themselves(edges: str) -> None:
    rows, columns = (place.expand(3, 5, 4) for place in from_middle(X))
    torch.testing.assert_close(resample(X, rows, columns, edges), X)


def test_between_two_pixels_is_their_mean() -> None:
    rows, columns = (place.expand(3, 5, 4) for place in from_middle(X))
    between = resample(X, rows, columns + 0.5)
    torch.testing.assert_close(between[..., :-1], (X[..., :-1] + X[..., 1:]) / 2)
    torch.testing.assert_close(between[..., -1], X[..., -1])


def test_beyond_the_edge_is_the_last_pixel_or_what_a_mirror_on_it_shows() -> None:
    rows, columns = (place.expand(3, 5, 4) for place in from_middle(X))
    torch.testing.assert_close(resample(X, rows + 2, columns)[:, :, 3:], X[:, :, [4, 4]])
    mirrored = resample(X, rows + 2, columns, "reflection")
    torch.testing.assert_close(mirrored[:, :, 3:], X[:, :, [4, 3]])
