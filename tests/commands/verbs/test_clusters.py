"""`likeness clusters`: a row for each class or cluster."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from support.commands import Likeness, done, refused

SIDE = 64 + 2
"""Pixels of one image in a picture, an 8 x 8 image enlarged and the gap after it."""


def test_clusters_are_shown_in_a_row_each(likeness: Likeness, clustered: Path, tmp_path: Path) -> None:
    out = tmp_path / "clusters.png"
    said = done(likeness("clusters", clustered, "--columns", 5, "--out", out))
    assert said.out == f"{out}\n"
    assert Image.open(out).size == (6 * SIDE + 2, 16 * SIDE + 2)


def test_more_columns_are_the_same_ones_and_more(likeness: Likeness, styled: Path, tmp_path: Path) -> None:
    drawn = []
    for columns in (2, 4):
        done(likeness("clusters", styled, "--columns", columns, "--out", tmp_path / f"{columns}.png"))
        drawn.append(np.asarray(Image.open(tmp_path / f"{columns}.png")))
    assert drawn[0].shape[0] == 10 * SIDE + 2
    np.testing.assert_array_equal(drawn[0], drawn[1][:, : drawn[0].shape[1]])


REFUSED = [
    (["clustered", "--columns", "9999"], "lower --columns"),
    (["clustered", "--columns", "0"], "--columns is '0'; input should be greater than or equal to 1"),
    (["gan"], "gan has no classifier; train a method that has, such as aae_semi"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_drawn_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, clustered: Path, place: Path
) -> None:
    Path("clustered").symlink_to(clustered)
    assert message in refused(likeness("clusters", *words))
    assert not (place / "clusters.png").exists()
