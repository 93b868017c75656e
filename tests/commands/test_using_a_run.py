"""Each command that uses a run does what its help says, in the data's own values."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from support.commands import Said

Likeness = Callable[..., Said]


@pytest.fixture
def image(cells: Path, tmp_path: Path) -> Path:
    """One image of the data, in a file."""
    file = tmp_path / "cell.npy"
    np.save(file, np.load(cells)["images"][0])
    return file


@pytest.fixture
def digit(tmp_path: Path) -> Path:
    """A grey image of 8 x 8, in a file."""
    file = tmp_path / "digit.npy"
    np.save(file, np.arange(64, dtype=np.uint8).reshape(8, 8, 1))
    return file


def in_own_range(images: np.ndarray) -> bool:
    """Whether values are 16-bit and each channel is within the range it was drawn from."""
    low, high = images.min((0, 1, 2)), images.max((0, 1, 2))
    return (
        images.dtype == np.uint16 and (low >= [100, 0, 5000]).all() and (high <= [1500, 3000, 60000]).all()
    )


def test_samples_come_in_the_datas_own_values(likeness: Likeness, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "samples.npz"
    assert likeness("sample", run, "-n", 5, "--out", out).code == 0
    images = np.load(out)["images"]
    assert images.shape == (5, 6, 5, 3)
    assert in_own_range(images)


def test_samples_are_a_function_of_the_seed(likeness: Likeness, run: Path, tmp_path: Path) -> None:
    made = []
    for k, seed in enumerate((1, 1, 2)):
        likeness("sample", run, "-n", 2, "--seed", seed, "--out", tmp_path / f"{k}.npy")
        made.append(np.load(tmp_path / f"{k}.npy"))
    assert np.array_equal(made[0], made[1]) and not np.array_equal(made[0], made[2])


def test_a_picture_of_reconstructions_has_originals_above(
    likeness: Likeness, run: Path, image: Path, tmp_path: Path
) -> None:
    assert likeness("reconstruct", run, image, image, "--out", tmp_path / "x.png").code == 0
    picture = Image.open(tmp_path / "x.png")
    assert picture.height > picture.width
    assert likeness("reconstruct", run, image, "--out", tmp_path / "x.npy").code == 0
    assert in_own_range(np.load(tmp_path / "x.npy"))


def test_codes_go_out_and_come_back(likeness: Likeness, run: Path, cells: Path, tmp_path: Path) -> None:
    assert likeness("encode", run, cells, "--out", tmp_path / "codes.npz").code == 0
    codes = np.load(tmp_path / "codes.npz")
    assert codes["codes"].shape == (40, 3)
    assert sorted(set(codes["splits"].tolist())) == ["test", "train", "validation"]
    assert likeness("decode", run, tmp_path / "codes.npz", "--out", tmp_path / "x.npy").code == 0
    assert np.load(tmp_path / "x.npy").shape == (40, 6, 5, 3)


def test_decoded_codes_are_the_reconstructions(
    likeness: Likeness, run: Path, image: Path, cells: Path, tmp_path: Path
) -> None:
    likeness("encode", run, cells, "--out", tmp_path / "codes.npz")
    codes = np.load(tmp_path / "codes.npz")
    (place,) = [k for k, name in enumerate(codes["names"]) if name.endswith("[0]")]
    np.save(tmp_path / "one.npy", codes["codes"][[place]])
    likeness("decode", run, tmp_path / "one.npy", "--out", tmp_path / "decoded.npy")
    likeness("reconstruct", run, image, "--out", tmp_path / "made.npy")
    decoded, made = np.load(tmp_path / "decoded.npy"), np.load(tmp_path / "made.npy")
    assert np.abs(decoded.astype(int) - made).max() <= 1


def test_codes_keep_the_name_and_label_of_each_image(
    likeness: Likeness, run: Path, cells: Path, tmp_path: Path
) -> None:
    likeness("encode", run, cells, "--out", tmp_path / "codes.npz")
    codes = np.load(tmp_path / "codes.npz")
    numbers = [int(name.rpartition("[")[2].rstrip("]")) for name in codes["names"]]
    assert sorted(numbers) == list(range(40))
    assert codes["labels"].tolist() == [k % 4 for k in numbers]


def test_a_checkpoint_stands_for_its_run(likeness: Likeness, run: Path, tmp_path: Path) -> None:
    for name, place in (("a", run), ("b", run / "checkpoints" / "step-00000004")):
        assert likeness("sample", place, "-n", 2, "--out", tmp_path / f"{name}.npy").code == 0
    assert np.array_equal(np.load(tmp_path / "a.npy"), np.load(tmp_path / "b.npy"))


def test_a_folder_of_a_way_is_in_its_order(
    likeness: Likeness, run: Path, image: Path, tmp_path: Path
) -> None:
    words = ("interpolate", run, image, image, "--steps", 3)
    likeness(*words, "--out", tmp_path / "way")
    likeness(*words, "--out", tmp_path / "way.npy")
    files = sorted((tmp_path / "way").iterdir())
    assert [file.name for file in files] == [f"step-{k:03d}.npy" for k in range(3)]
    assert np.array_equal([np.load(file) for file in files], np.load(tmp_path / "way.npy"))


def test_reconstructions_are_named_by_their_images(
    likeness: Likeness, run: Path, image: Path, tmp_path: Path
) -> None:
    assert likeness("reconstruct", run, image, "--out", tmp_path / "made").code == 0
    assert [file.name for file in (tmp_path / "made").iterdir()] == ["cell.npy"]
    assert in_own_range(np.load(tmp_path / "made" / "cell.npy")[None])


def test_a_folder_gets_a_file_for_each_image(
    likeness: Likeness, run: Path, gan: Path, tmp_path: Path
) -> None:
    likeness("sample", run, "-n", 3, "--out", tmp_path / "cells")
    assert {p.suffix for p in (tmp_path / "cells").iterdir()} == {".npy"}
    likeness("sample", gan, "-n", 3, "--out", tmp_path / "digits")
    names = sorted(p.name for p in (tmp_path / "digits").iterdir())
    assert names == [f"sample-{k:04d}.png" for k in range(3)]
    assert Image.open(tmp_path / "digits" / names[0]).mode == "L"


def test_the_way_between_images_has_its_ends(
    likeness: Likeness, run: Path, image: Path, cells: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.npy"
    np.save(other, np.load(cells)["images"][1])
    words = ("interpolate", run, image, other, "--steps", 4, "--out", tmp_path / "way.npy")
    assert likeness(*words).code == 0
    way = np.load(tmp_path / "way.npy")
    likeness("reconstruct", run, image, other, "--out", tmp_path / "ends.npy")
    ends = np.load(tmp_path / "ends.npy")
    assert way.shape == (4, 6, 5, 3)
    assert np.abs(way[[0, -1]].astype(int) - ends).max() <= 1


def test_info_says_what_a_run_is(likeness: Likeness, run: Path) -> None:
    said = likeness("info", run).out
    for word in (
        "vae_gan, 4 steps",
        "(3, 6, 5)",
        "uint16",
        "discriminator",
        "'train': 32",
        "images_per_second",
    ):
        assert word in said


def test_evaluation_prints_intervals_and_saves_them(likeness: Likeness, run: Path, gan: Path) -> None:
    said = likeness("evaluate", run, "--judge", run)
    assert said.code == 0
    for name in ("pixel_mse", "psnr_db", f"feature_error[{run}]", "edges_samples"):
        assert name in said.out
    assert (run / "evaluation-test.json").exists()
    assert "pixel_mse" not in likeness("evaluate", gan, "--most", 20).out


REFUSED = [
    (["sample", "RUN", "-n", "0"], "-n is 0; ask for one sample or more"),
    (["interpolate", "RUN", "IMAGE", "IMAGE", "--steps", "1"], "--steps is 1; "),
    (["evaluate", "RUN", "--most", "1"], "--most is 1; "),
    (["reconstruct", "RUN", "nowhere.png"], "nowhere.png"),
    (["reconstruct", "GAN", "DIGIT"], "GAN has no encoder; train a method that has one"),
    (["encode", "GAN", "digits", "--out", "x.npz"], "GAN has no encoder; train a method that has one"),
    (["encode", "RUN", "digits"], "this model was trained on (3, 6, 5)"),
    (["encode", "RUN", "CELLS", "--out", "codes.txt"], "does not end in .npz; "),
    (["evaluate", "GAN", "--judge", "RUN"], "was trained on images of (3, 6, 5), these are (1, 8, 8)"),
    (["evaluate", "GAN", "--features", "RUN"], "was trained on images of (3, 6, 5), these are (1, 8, 8)"),
    (["evaluate", "RUN", "--features", "random"], "images are too few for"),
    (["info", "elsewhere"], "elsewhere is not a run: it has no config.yaml; "),
    (["sampel", "RUN"], "'sampel' is not among the commands; did you mean sample?"),
    (["sample", "RUN", "--sed", "1"], "'--sed' is not understood; did you mean --seed"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_done_is_said_in_one_line(
    words: list[str],
    message: str,
    likeness: Likeness,
    run: Path,
    gan: Path,
    image: Path,
    digit: Path,
    cells: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    places = {"RUN": run, "GAN": gan, "IMAGE": image, "CELLS": cells, "DIGIT": digit}
    said = likeness(*(places.get(word, word) for word in words))
    assert said.code == 2
    assert message in said.err
    assert said.err.count("\n") == 1


def test_an_image_of_another_size_or_channels_is_refused(
    likeness: Likeness, run: Path, tmp_path: Path
) -> None:
    for shape in ((7, 5, 3), (6, 5, 2)):
        np.save(tmp_path / "other.npy", np.zeros(shape, np.uint16))
        said = likeness("reconstruct", run, tmp_path / "other.npy")
        assert said.code == 2
        assert "other.npy" in said.err and said.err.count("\n") == 1
