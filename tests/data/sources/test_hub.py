"""Data sets of the Hugging Face hub, with a stand-in for its library."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from likeness.data.sources.hub import Hub
from likeness.errors import RunError, UserError
from support.loading import Load, by_name, three
from support.made_images import noise, png


class Table:
    """As many pictures as a split of the hub's would have."""

    def __init__(self, count: int, first: int) -> None:
        images = [{"bytes": png(noise(4, 4, 3, seed=first + i)), "path": None} for i in range(count)]
        self.table = pa.table({"image": images, "label": [i % 2 for i in range(count)]})

    def to_parquet(self, path: str) -> None:
        pq.write_table(self.table, path)


Serve = Callable[[Callable[[str], dict[str, Table]]], None]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """The hub's library replaced by one that loads as it is told."""

    def replace(load: Callable[[str], dict[str, Table]]) -> None:
        monkeypatch.setitem(sys.modules, "datasets", SimpleNamespace(load_dataset=load))

    return replace


@pytest.mark.skipif(importlib.util.find_spec("datasets") is not None, reason="datasets is there")
def test_a_hub_name_without_the_extra_says_what_to_install(loaded: Load) -> None:
    with pytest.raises(UserError, match=r"pip install 'likeness\[hub\]'"):
        loaded("owner/name")


def test_a_data_set_comes_with_its_splits_and_is_fetched_once(loaded: Load, serve: Serve) -> None:
    asked = []

    def load(name: str) -> dict[str, Table]:
        asked.append(name)
        return {"train": Table(8, 0), "test": Table(3, 8), "dev": Table(2, 11)}

    serve(load)
    first, again = loaded("owner/some.set"), loaded("owner/some.set")
    assert asked == ["owner/some.set"]
    assert [len(split) for split in three(first)] == [8, 2, 3]
    np.testing.assert_array_equal(first.test.images[2], noise(4, 4, 3, seed=10))
    assert first.fingerprint == again.fingerprint
    assert list(by_name(first)) == list(by_name(again))


def test_a_split_of_an_unknown_name_is_for_training(loaded: Load, serve: Serve) -> None:
    serve(lambda name: {"everything": Table(10, 0), "test": Table(3, 10)})
    assert [len(split) for split in three(loaded("owner/name", validation=0.2))] == [8, 2, 3]


def test_what_the_hub_answers_is_one_line_and_leaves_nothing_behind(
    loaded: Load, serve: Serve, own_cache: Path
) -> None:
    def refuse(name: str) -> dict[str, Table]:
        raise ConnectionError("no route\nto the host")

    serve(refuse)
    with pytest.raises(RunError, match=r"no path owner/name, .* \(no route\); check name and network$"):
        loaded("owner/name")
    assert not list(own_cache.iterdir())


@pytest.mark.parametrize("word", ["digits", "a/b/c", "../name", "owner/", "/name", "owner/na me", "."])
def test_only_owner_and_name_are_asked_of_the_hub(word: str) -> None:
    assert Hub().claims("owner/name")
    assert not Hub().claims(word)


def test_a_path_that_is_here_is_not_asked_of_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "owner" / "name").mkdir(parents=True)
    assert not Hub().claims("owner/name")
