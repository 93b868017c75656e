"""`likeness decode`: codes become images in the data's own values."""

from pathlib import Path

import numpy as np
import pytest

from support.commands import Likeness, done, nearly, refused


def test_codes_go_out_and_come_back(likeness: Likeness, place: Path) -> None:
    done(likeness("encode", "run", "cells.npz"))
    codes = np.load("codes.npz")
    assert codes["codes"].shape == (40, 3)
    assert sorted(set(codes["splits"].tolist())) == ["test", "train", "validation"]
    done(likeness("decode", "run", "codes.npz", "--out", "x.npy"))
    assert np.load("x.npy").shape == (40, 6, 5, 3)


def test_decoded_codes_are_the_reconstructions(likeness: Likeness, place: Path) -> None:
    done(likeness("encode", "run", "cells.npz"))
    codes = np.load("codes.npz")
    (row,) = [k for k, name in enumerate(codes["names"]) if name.endswith("[5]")]
    np.save("one.npy", codes["codes"][[row]])
    done(likeness("decode", "run", "one.npy", "--out", "decoded.npy"))
    done(likeness("reconstruct", "run", "5.npy", "--out", "made.npy"))
    assert nearly(np.load("decoded.npy"), np.load("made.npy"))


@pytest.fixture
def codes(place: Path) -> None:
    """Files that hold codes of many kinds, or none."""
    np.save("wide.npy", np.zeros((2, 5), np.float32))
    np.save("flat.npy", np.zeros(3, np.float32))
    np.save("whole.npy", np.zeros((2, 3), int))
    np.save("empty.npy", np.zeros((0, 3), np.float32))
    np.save("nan.npy", np.full((2, 3), np.nan, np.float32))
    np.save("objects.npy", np.array([{}], object), allow_pickle=True)
    np.savez("images.npz", images=np.zeros((2, 3)))


REFUSED = [
    ("empty.npy", "empty.npy holds float32 (0, 3); codes are finite floats"),
    ("wide.npy", "codes have 5 dimensions, this model 3; "),
    ("flat.npy", "flat.npy holds float32 (3,); codes are finite floats"),
    ("whole.npy", "whole.npy holds int64 (2, 3); codes are finite floats"),
    ("nan.npy", "nan.npy holds float32 (2, 3); codes are finite floats"),
    ("objects.npy", "objects.npy holds no codes, because it holds Python objects, which are not read; "),
    ("images.npz", "images.npz holds no codes"),
    ("notes.txt", "notes.txt holds no codes"),
    ("nowhere.npz", "nowhere.npz holds no codes"),
]


@pytest.mark.parametrize(("file", "message"), REFUSED)
def test_what_are_no_codes_of_this_model_is_said_in_one_line(
    file: str, message: str, likeness: Likeness, codes: None, place: Path
) -> None:
    assert message in refused(likeness("decode", "run", file))
    assert not (place / "decoded.png").exists()


def test_codes_alone_are_not_enough_for_a_model_with_a_condition(likeness: Likeness, marked: Path) -> None:
    line = refused(likeness("decode", "vae_gan", "codes.npy"))
    assert (
        "this model is conditioned on dark, striped, which is not said; give --condition dark:1,striped:1"
        in line
    )
