"""`likeness walk`: an animation that comes back to where it began."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import GifImagePlugin, Image

import likeness as package
from likeness.analysis.editing import loop
from support.commands import Likeness, done, nearly, refused


def test_a_walk_is_an_animation_that_comes_back(likeness: Likeness, place: Path) -> None:
    done(likeness("walk", "run", "--stops", 3, "--frames", 4, "--fps", 10, "--seed", 7))
    with Image.open("walk.gif") as walk:
        assert isinstance(walk, GifImagePlugin.GifImageFile)
        assert 1 < walk.n_frames <= 12 and walk.info["loop"] == 0
        total = 0  # frames that look the same are one, which stays longer
        for frame in range(walk.n_frames):
            walk.seek(frame)
            total += walk.info["duration"]
        assert total == 1200
    model = package.load("run")
    codes = model.sample_codes(3, 7)
    way = loop(codes, 4)
    torch.testing.assert_close(way[::4], codes)
    done(likeness("walk", "run", "--stops", 3, "--frames", 4, "--seed", 7, "--out", "w.npz"))
    assert nearly(np.load("w.npz")["images"], model.arrays(model.decode(way)))


def test_a_walk_goes_through_images_that_are_named(likeness: Likeness, place: Path) -> None:
    words = ["--frames", 2, "--interpolation", "linear", "--out", "w.npz"]
    done(likeness("walk", "run", "5.npy", "6.npy", *words))
    model = package.load("run")
    a, b = model.encode(model.images(["5.npy", "6.npy"])).mean
    way = torch.stack([a, (a + b) / 2, b, (a + b) / 2])
    assert nearly(np.load("w.npz")["images"], model.arrays(model.decode(way)))


REFUSED = [
    (["5.npy"], "there is one image; name two or more to walk between"),
    (["--fps", "0"], "--fps is '0'; input should be greater than or equal to 0.1"),
    (["--seed", "-1"], "--seed is '-1'; input should be greater than or equal to 0"),
    (["--out", "no/such/w.gif"], "choose another --out"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_is_no_walk_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("walk", "run", *words))
