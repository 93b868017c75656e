"""Which image goes into which split."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from likeness.data.settings import DataSettings
from likeness.data.splits import SPLITS, draw, limit_training
from likeness.errors import UserError


def settings(**options: Any) -> DataSettings:
    return DataSettings(data="any", **options)


def split_rows(
    count: int,
    own: np.ndarray | None,
    groups: np.ndarray | None,
    settings: DataSettings,
    seed: int,
) -> dict[str, np.ndarray]:
    """Rows of each split."""
    splits = draw(count, own, groups, settings, seed)
    splits = limit_training(splits, np.ones(count, bool), settings.limit, seed)
    return {name: np.flatnonzero(splits == name) for name in SPLITS}


@given(st.integers(20, 200), st.integers(0, 9), st.floats(0, 0.4), st.floats(0, 0.4))
def test_every_image_is_in_exactly_one_split(count: int, seed: int, validation: float, test: float) -> None:
    rows = split_rows(count, None, None, settings(validation=validation, test=test), seed)
    assert sorted(np.concatenate(list(rows.values())).tolist()) == list(range(count))
    assert list(rows) == ["train", "validation", "test"]
    assert abs(len(rows["test"]) - test * count) <= 1
    assert abs(len(rows["validation"]) - validation * count) <= 1


def test_the_split_depends_on_the_seed_and_nothing_else() -> None:
    first, again, other = (split_rows(99, None, None, settings(), seed) for seed in (1, 1, 2))
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
    assert first["test"].tolist() != other["test"].tolist()


@given(st.lists(st.integers(0, 30), min_size=60, max_size=150), st.integers(0, 5))
def test_no_group_is_in_two_splits(more: list[int], seed: int) -> None:
    groups = np.array([*range(31), *more])
    assume(np.bincount(groups).max() < len(groups) / 3)
    rows = split_rows(len(groups), None, groups, settings(validation=0.2, test=0.3), seed)
    sets = [set(groups[some].tolist()) for some in rows.values()]
    assert sum(map(len, sets)) == len(set(groups.tolist()))


def test_a_sources_test_images_stay_and_only_validation_is_carved() -> None:
    own = np.repeat(["train", "test"], [90, 30])
    rows = split_rows(120, own, None, settings(), 0)
    np.testing.assert_array_equal(rows["test"], np.arange(90, 120))
    assert len(rows["validation"]) == 9


def test_a_source_of_test_images_alone_is_split_as_if_it_had_no_splits() -> None:
    rows = split_rows(100, np.repeat(["test"], 100), None, settings(), 0)
    assert [len(some) for some in rows.values()] == [80, 10, 10]


def test_own_splits_that_mix_groups_are_made_anew() -> None:
    own, groups = np.repeat(["train", "test"], 50), np.tile(np.arange(10), 10)
    rows = split_rows(100, own, groups, settings(), 0)
    assert not set(groups[rows["train"]]) & set(groups[rows["test"]])


def test_a_limit_touches_the_training_images_only() -> None:
    whole = split_rows(100, None, None, settings(), 0)
    rows = split_rows(100, None, None, settings(limit=7), 0)
    assert len(rows["train"]) == 7
    assert set(rows["train"]) < set(whole["train"])
    np.testing.assert_array_equal(rows["test"], whole["test"])


def test_shares_of_nothing_leave_empty_splits() -> None:
    rows = split_rows(50, None, None, settings(validation=0, test=0), 0)
    assert [len(some) for some in rows.values()] == [50, 0, 0]


@pytest.mark.parametrize(
    ("count", "groups", "options"),
    [
        (3, None, {}),
        (10, np.zeros(10, int), {}),
        (10, None, {"validation": 0.6, "test": 0.6}),
    ],
)
def test_too_few_images_or_groups_are_an_error(
    count: int, groups: np.ndarray | None, options: dict[str, float]
) -> None:
    with pytest.raises(UserError):
        split_rows(count, None, groups, settings(**options), 0)


def test_odd_images_count_towards_no_limit_and_are_not_cut_by_it() -> None:
    odd = np.arange(100) % 4 == 0
    whole = draw(100, None, None, settings(), 0)
    splits = limit_training(whole, ~odd, 10, 0)
    assert (splits[~odd] == "train").sum() == 10
    np.testing.assert_array_equal(splits[odd], whole[odd])
    assert set(splits[splits != whole].tolist()) == {"unused"}


def test_rows_come_in_ascending_order_of_an_image_once() -> None:
    groups = np.arange(200) % 37
    for rows in split_rows(200, None, groups, settings(limit=50), 3).values():
        assert len(rows) > 5
        assert (np.diff(rows) > 0).all()
