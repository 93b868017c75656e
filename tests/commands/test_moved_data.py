"""Verbs that read the data of a run, after those have moved."""

from pathlib import Path

import numpy as np
import pytest

from likeness.predictors import classifier
from support.commands import TINY, Likeness, done, refused
from support.small_runs import pixels


@pytest.fixture
def moved(likeness: Likeness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The place of the data of `run` by now, of those of an aae_semi with codes in the plane."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(classifier, "STEPS", 2)
    np.savez("data.npz", images=pixels(360, 6, 5, 1), labels=np.arange(360) % 3)
    np.save("one.npy", pixels(6, 5, 1))
    words = ["--data", "data.npz", *TINY, "--code.classes", "3", "--test", "0.4"]
    done(likeness("train", "aae_semi", "run", *words))
    Path("data.npz").rename("moved.npz")
    return "moved.npz"


READING = [
    ("evaluate",), ("evaluate", "--features", "classifier"), ("plane", "--axes", "components"),
    ("clusters", "--columns", "3"), ("neighbours", "one.npy"), ("directions",),
    ("traverse", "--components", "1"), ("score", "moved.npz", "--against", "training"),
]  # fmt: skip


@pytest.mark.parametrize("words", READING, ids=lambda words: "-".join(words[:3]))
def test_a_verb_finds_the_data_where_they_are_named(
    likeness: Likeness, moved: str, words: tuple[str, ...]
) -> None:
    verb, *rest = words
    assert "there are no data 'data.npz'" in refused(likeness(verb, "run", *rest))
    said = done(likeness(verb, "run", *rest, "--data", moved)).err.splitlines()
    lines = [line for line in said if line.startswith("likeness: ")]
    assert lines == [f"likeness: {moved}: the data of the run, at another place"], "once"


def test_numbers_of_moved_data_are_those_of_data_that_stayed(likeness: Likeness, moved: str) -> None:
    found = done(likeness("evaluate", "run", "--data", moved)).out.splitlines()[:-1]
    Path(moved).rename("data.npz")
    assert done(likeness("evaluate", "run")).out.splitlines()[:-1] == found
