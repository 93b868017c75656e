"""Means with the interval in which they may well be."""

import math

import pytest
import torch
from torch import Tensor

from likeness import intervals
from likeness.intervals import Interval, interval, statistic_interval


def test_an_interval_covers_the_mean_and_narrows_with_more_images() -> None:
    values = torch.randn(400, generator=torch.Generator().manual_seed(1)) + 3
    wide, narrow = interval(values[:50]), interval(values)
    assert wide.low < float(values[:50].mean()) < wide.high
    assert narrow.high - narrow.low == pytest.approx(2 * 1.96 / math.sqrt(400), rel=0.2)
    assert wide.images == 50 and interval(values) == narrow


def test_the_interval_of_a_spread_holds_the_truth() -> None:
    rows = [torch.randn(60, 3, generator=torch.Generator().manual_seed(seed)) for seed in range(30)]
    found = [statistic_interval(r, lambda x: float(x.std())) for r in rows]
    assert sum(i.low <= 1 <= i.high for i in found) >= 25


def normals(n: int, *shape: int, seed: int = 0) -> Tensor:
    """Draws from N(0, 1)."""
    return torch.randn(n, *shape, generator=torch.Generator().manual_seed(seed))


def test_intervals_hold_the_truth_as_often_as_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "BOOTSTRAP_RESAMPLES", 200)
    found = [interval(normals(50, seed=seed)) for seed in range(60)]
    assert 0.85 <= sum(i.low <= 0 <= i.high for i in found) / 60 < 1


def test_values_that_are_all_the_same_have_no_width() -> None:
    assert interval(torch.full((7,), 0.25)) == Interval(0.25, 0.25, 0.25, 7)


def test_a_statistic_of_rows_that_is_their_mean_has_the_means_interval() -> None:
    values = normals(300) + 2
    of_mean, plain = statistic_interval(values[:, None], lambda x: float(x.mean())), interval(values)
    assert of_mean.mean == pytest.approx(plain.mean) and of_mean.images == 300
    assert of_mean.low == pytest.approx(plain.low, abs=0.03)
    assert of_mean.high == pytest.approx(plain.high, abs=0.03)


def test_rows_are_resampled_whole() -> None:
    """Two columns that differ by one everywhere differ by one in every resample."""
    x = normals(40, 1)
    found = statistic_interval(
        torch.cat([x, x + 1], 1), lambda rows: float((rows[:, 1] - rows[:, 0]).mean())
    )
    assert (found.mean, found.low, found.high) == pytest.approx((1, 1, 1), abs=1e-6)


def test_intervals_are_a_function_of_the_seed() -> None:
    values = normals(30)
    assert interval(values, 1) == interval(values, 1) != interval(values, 2)


def test_the_bias_of_resampling_itself_is_taken_off() -> None:
    """Of a hundred different rows a resample holds some 63."""
    found = statistic_interval(torch.arange(100.0)[:, None], lambda rows: float(len(rows.unique())))
    assert found.low < found.mean == 100 < found.high
    assert found.high - found.low < 20
