"""`likeness interpolate`: the way from image to image."""

from pathlib import Path

import numpy as np
import pytest

from support.commands import Likeness, done, nearly, refused


def test_the_way_between_images_has_its_ends(likeness: Likeness, place: Path) -> None:
    done(likeness("interpolate", "run", "5.npy", "6.npy", "--steps", 4, "--out", "way.npy"))
    done(likeness("reconstruct", "run", "5.npy", "6.npy", "--out", "ends.npy"))
    way = np.load("way.npy")
    assert way.shape == (4, 6, 5, 3)
    assert nearly(way[[0, -1]], np.load("ends.npy"))


def test_a_way_goes_through_several_images(likeness: Likeness, place: Path) -> None:
    words = ["interpolate", "run", "5.npy", "6.npy", "7.npy", "--steps", 4, "--interpolation", "spherical"]
    done(likeness(*words, "--out", "way.npz"))
    done(likeness("reconstruct", "run", "5.npy", "6.npy", "7.npy", "--out", "stops.npy"))
    way = np.load("way.npz")["images"]
    assert len(way) == 7 and nearly(way[::3], np.load("stops.npy"))


def test_a_folder_of_a_way_is_in_its_order(likeness: Likeness, place: Path) -> None:
    words = ("interpolate", "run", "5.npy", "6.npy", "--steps", 3)
    done(likeness(*words, "--out", "way"))
    done(likeness(*words, "--out", "way.npy"))
    files = sorted(Path("way").iterdir())
    assert [file.name for file in files] == [f"step-{k:03d}.npy" for k in range(3)]
    assert np.array_equal([np.load(file) for file in files], np.load("way.npy"))


REFUSED = [
    (["5.npy", "6.npy", "--steps", "1"], "--steps is '1'; input should be greater than or equal to 2"),
    (["x.png", "x.png", "--steps", "-3"], "--steps is '-3'; input should be greater than or equal to 2"),
    (["5.npy"], "name two or more to interpolate between"),
    (["notes.txt", "notes.txt"], "notes.txt cannot be used (not an image); "),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_no_way_leads_between_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("interpolate", "run", *words))
    assert not Path("interpolation.png").exists()
