"""The values between black and white."""

import numpy as np
import pytest

from likeness.data.reading.ranges import extent, float_range, join, range_of_stored
from likeness.errors import UserError


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ([0.0, 0.25, 1.0], (0, 1)),
        ([-0.1, 0.9], (-1, 1)),
        ([0.0, 7.0, 250.0], (0, 255)),
        ([0.0, 1.0], (0, 1)),
        ([np.nan, 0.5], (0, 1)),
    ],
)
def test_the_values_say_what_kind_of_range_they_are_in(
    values: list[float], limits: tuple[float, float]
) -> None:
    assert range_of_stored(np.array(values, np.float32), "x") == limits


@pytest.mark.parametrize(
    "values", [[-1.5, 1.0], [0.0, 1.5], [0.0, 256.0], [-3.0, 3.0], [0.0, np.inf, 300.0]]
)
def test_other_values_are_refused_with_their_range(values: list[float]) -> None:
    finite = [v for v in values if np.isfinite(v)]
    low, high = f"{min(finite):g}", f"{max(finite):g}"
    with pytest.raises(UserError, match=rf"from {low} to {high}, .*range=\({low}, {high}\).*range='data'"):
        range_of_stored(np.array(values), "x")


def test_types_of_whole_numbers_have_ranges_of_their_own() -> None:
    assert range_of_stored(np.array([0, 9], np.uint16), "x") is None


def test_the_extent_of_parts_is_that_of_the_whole() -> None:
    values = np.random.default_rng(0).normal(size=90)
    assert join(extent(part) for part in np.split(values, 9)) == extent(values)
    assert join([extent(np.array([1.0])), extent(np.array([0.5]))]) == (0.5, 1.0, False)
    assert float_range(extent(np.array([np.nan])), "x") == (0, 1)
