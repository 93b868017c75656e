"""`likeness manifold`: a way through the prior, or styles by class."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from support.commands import DIGITS, Likeness, done, refused

SIDE = 64 + 2
"""Pixels of one image in a picture, an 8 x 8 image enlarged and the gap after it."""


def test_there_are_as_many_rows_and_columns_as_are_asked_for(
    likeness: Likeness, flat: Path, tmp_path: Path
) -> None:
    words = ["manifold", flat, "--rows", 3, "--columns", 4, "--out", tmp_path / "m.png"]
    done(likeness(*words))
    picture = Image.open(tmp_path / "m.png")
    assert picture.size == (4 * SIDE + 2, 3 * SIDE + 2)
    first, last = (np.asarray(picture.crop((k * SIDE, 0, (k + 1) * SIDE, SIDE))) for k in (0, 3))
    assert (first != last).any()


@pytest.mark.parametrize(("kind", "rows"), [("styled", 10), ("clustered", 16)])
def test_styles_are_shown_in_a_row_for_each_class(
    kind: str, rows: int, likeness: Likeness, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    run = request.getfixturevalue(kind)
    done(likeness("manifold", run, "--columns", 5, "--out", tmp_path / "m.png"))
    assert Image.open(tmp_path / "m.png").size == (5 * SIDE + 2, rows * SIDE + 2)


def test_styles_of_a_supervised_model_are_shown_in_a_row_for_each_class(
    likeness: Likeness, tmp_path: Path
) -> None:
    done(likeness("train", "aae_supervised", tmp_path / "run", *DIGITS, "--batch", "20"))
    done(likeness("manifold", tmp_path / "run", "--columns", 5, "--out", tmp_path / "m.png"))
    assert Image.open(tmp_path / "m.png").height == 10 * SIDE + 2


REFUSED = [
    (["--rows", "0"], "--rows is '0'; input should be greater than or equal to 1"),
    (["--out", "no/such/x.png"], "no/such/x.png could not be written"),
    (["--out", ""], "--out names no file; choose another --out"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_drawn_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("manifold", "run", *words))
