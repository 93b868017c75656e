"""Priors that are rows of a file, and files that hold no codes."""

from pathlib import Path

import numpy as np
import pytest

from likeness.errors import UserError
from likeness.noise import SeededNoise
from likeness.priors import Empirical

NOISE = SeededNoise((0,))


def test_an_empirical_prior_draws_the_rows_of_a_file(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).random((6, 3)).astype("f4")
    np.save(tmp_path / "codes.npy", rows)
    prior = Empirical(file=str(tmp_path / "codes.npy"))
    prior.check(3)
    drawn = {tuple(row) for row in prior.sample(500, 3, NOISE).tolist()}
    assert drawn == {tuple(row) for row in rows.astype("f4").tolist()}
    with pytest.raises(UserError, match="has 3 dimensions, --latent is 4"):
        prior.check(4)
    with pytest.raises(UserError, match=r"has 3 dimensions, --code\.channels is 4"):
        prior.check(4, option="--code.channels")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (np.zeros(5), "holds no floats"),
        (np.zeros((5, 2), int), "holds no floats"),
        (np.full((5, 2), np.nan), "not finite"),
        (np.array([{}], dtype=object), "cannot be read as .npy"),
    ],
)
def test_a_file_that_holds_no_codes_is_refused(content: np.ndarray, message: str, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", content, allow_pickle=True)
    with pytest.raises(UserError, match=message):
        Empirical(file=str(tmp_path / "x.npy")).check(2)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.npy cannot be read as \.npy .*; give an array of codes"):
        Empirical(file=str(tmp_path / "nowhere.npy")).check(2)
