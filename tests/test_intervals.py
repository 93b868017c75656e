"""Intervals hold the truth as often as they say."""

import math

import pytest
import torch

from likeness.intervals import interval, of_rows


def test_an_interval_covers_the_mean_and_narrows_with_more_images() -> None:
    values = torch.randn(400, generator=torch.Generator().manual_seed(1)) + 3
    wide, narrow = interval(values[:50]), interval(values)
    assert wide.low < float(values[:50].mean()) < wide.high
    assert narrow.high - narrow.low == pytest.approx(2 * 1.96 / math.sqrt(400), rel=0.2)
    assert wide.images == 50 and interval(values) == narrow


def test_the_interval_of_a_spread_holds_the_truth() -> None:
    rows = [torch.randn(60, 3, generator=torch.Generator().manual_seed(seed)) for seed in range(30)]
    found = [of_rows(r, lambda x: float(x.std())) for r in rows]
    assert sum(i.low <= 1 <= i.high for i in found) >= 25
