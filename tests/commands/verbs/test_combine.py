"""`likeness combine`: arithmetic on images."""

from pathlib import Path

import numpy as np
from PIL import Image

import likeness as package
from support.commands import Likeness, done, nearly, refused


def test_images_are_added_and_taken_away(likeness: Likeness, place: Path) -> None:
    done(likeness("combine", "run", "5.npy", "6.npy", "7.npy", "--out", "made.npz"))
    model = package.load("run")
    a, b, c = model.encode(model.images(["5.npy", "6.npy", "7.npy"])).mean
    assert nearly(np.load("made.npz")["images"], model.arrays(model.decode((a - b + c)[None])))


def test_a_picture_shows_the_three_before_what_they_make(likeness: Likeness, place: Path) -> None:
    done(likeness("combine", "run", "5.npy", "6.npy", "7.npy"))
    done(likeness("reconstruct", "run", "5.npy", "--out", "two.png"))
    four, two = Image.open("combined.png"), Image.open("two.png")
    assert four.height < two.height and four.width - 2 == 4 * (two.width - 2)


def test_a_third_image_is_asked_for(likeness: Likeness, place: Path) -> None:
    line = refused(likeness("combine", "run", "5.npy", "6.npy"))
    assert "C is missing; see `likeness combine --help`" in line
