"""Where and how far two images differ, by hand."""

import math

import pytest
import torch

from likeness.analysis.differences import compare_images
from support.small_metrics import images, untrained_metric


def test_errors_are_those_of_the_formulas() -> None:
    x, made = torch.zeros(1, 2, 3, 3), torch.full((1, 2, 3, 3), 0.5)
    made[:, :, 0, 0] = torch.tensor([1.0, 0.0])
    found = compare_images(x, made, None)
    mse = (8 * 0.25 + 0.5) / 9
    assert found.mse == pytest.approx(mse)
    assert found.psnr == pytest.approx(10 * math.log10(2**2 / mse))
    expected = torch.full((3, 3), 0.25)
    torch.testing.assert_close(found.pixels, expected)
    assert found.distance is None and found.learned is None


def test_what_is_beyond_the_range_differs_as_the_end_of_the_range() -> None:
    x = torch.ones(1, 1, 2, 2)
    found = compare_images(x, torch.tensor([[9.0, 1.0], [1.0, -9.0]]).view(1, 1, 2, 2), None)
    torch.testing.assert_close(found.pixels, torch.tensor([[0.0, 0.0], [0.0, 1.0]]))
    assert found.mse == pytest.approx(1.0)


def test_the_same_image_has_no_error_and_a_finite_ratio() -> None:
    x = images(1)
    found = compare_images(x, x.clone(), untrained_metric())
    assert (found.mse, found.distance) == (0.0, 0.0) and math.isfinite(found.psnr)
    assert found.learned is not None and not found.learned.any() and not found.pixels.any()


def test_a_metric_says_how_far_and_where() -> None:
    metric, x, made = untrained_metric(), images(1), images(1, seed=1)
    found = compare_images(x, 1.5 * made, metric)
    clamped = (1.5 * made).clamp(-1, 1)
    assert found.distance == pytest.approx(float(metric(x, clamped)))
    assert found.learned is not None
    torch.testing.assert_close(found.learned, metric.map(x, clamped)[0])
