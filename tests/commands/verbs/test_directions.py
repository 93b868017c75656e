"""`likeness directions`: what is found in the codes of a run, and what each direction changes besides."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch

import likeness as package
from support.commands import Likeness, done, refused


@pytest.fixture
def examples(place: Path, cells: Path) -> Path:
    """Two folders of examples, and one without."""
    images = np.load(cells)["images"]
    for folder, rows in (("having", (0, 1, 2)), ("lacking", (3, 4)), ("empty", ())):
        Path(folder).mkdir()
        for k in rows:
            np.save(f"{folder}/{k}.npy", images[k])
    return place


def test_directions_of_classes_are_differences_of_mean_codes(likeness: Likeness, place: Path) -> None:
    done(likeness("directions", "run"))
    held = np.load("directions.npz")
    assert held["names"].tolist() == ["0", "1", "2", "3"] and held["components"].shape == (3, 3)
    model = package.load("run")
    split = model.training_data.load().train
    codes = model.encode(model.scaling.to_unit(split.images)).mean
    has = torch.from_numpy(split.labels == 2)
    expected = codes[has].mean(0) - codes[~has].mean(0)
    np.testing.assert_allclose(held["plain"][2], expected, rtol=1e-3, atol=1e-5)


def test_examples_in_two_folders_make_a_direction(likeness: Likeness, examples: Path) -> None:
    words = ["directions", "run", "--positive", "having", "--negative", "lacking", "--name", "round"]
    done(likeness(*words))
    model, held = package.load("run"), np.load("directions.npz")
    sets = [
        model.encode(model.images(sorted(Path(f).iterdir()))).mean.mean(0) for f in ("having", "lacking")
    ]
    assert held["names"].tolist() == ["round"]
    np.testing.assert_allclose(held["plain"][0], sets[0] - sets[1], rtol=1e-3, atol=1e-5)


def test_leakage_is_measured_with_a_regressor_that_is_kept(likeness: Likeness, marked: Path) -> None:
    done(likeness("directions", "plain", "--leakage", "regressor"))
    with open("directions-leakage.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * 2 * 2
    own = [float(r["effect"]) for r in rows if r["kind"] == "data" and r["direction"] == r["attribute"]]
    assert own == [1.0, 1.0]
    weights = Path("regressor/regressor.safetensors").read_bytes()
    said = done(likeness("directions", "plain", "--leakage", "regressor"))
    assert Path("regressor/regressor.safetensors").read_bytes() == weights
    assert "plain: effect, leakage, most" in said.out and "striped" in said.out
    kept = json.loads(Path("regressor/regressor.json").read_text())
    assert kept["names"] == ["dark", "striped"] and kept["steps"] in (20, 40, 60)


def test_a_regressor_of_other_data_or_a_damaged_one_is_said_to_be_so(
    likeness: Likeness, marked: Path
) -> None:
    done(likeness("directions", "plain", "--leakage", "kept"))
    other = likeness("directions", "plain", "--data", "other.npz", "--leakage", "kept")
    assert other.code == 2 and "is for other data, or another" in other.err
    weights = Path("kept/regressor.safetensors")
    weights.write_bytes(weights.read_bytes()[:-8])
    damaged = likeness("directions", "plain", "--leakage", "kept")
    assert damaged.code == 1 and "kept holds no regressor that can be read" in damaged.err


REFUSED = [
    (["run", "--positive", "having"], "--positive and --negative go together"),
    (["run", "--positive", "having", "--negative", "empty"], "empty is no folder with images"),
    (["gan"], "gan has no encoder; train a method that has"),
    (["run", "--max-images", "1"], "--max-images is '1'; input should be greater than or equal to 2"),
    (["run", "--positive", "having", "--negative", "lacking", "--leakage", "r"], "leave out --positive"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_directions_cannot_be_found_of_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, examples: Path
) -> None:
    assert message in refused(likeness("directions", *words))
    assert not (examples / "directions.npz").exists()


LATE = [
    (["vae_gan", "--leakage", "vae_gan"], "vae_gan holds other files than a regressor"),
    (["numbers", "--leakage", "r"], "no attributes: the data have no columns of 0 and 1"),
    (["plain", "--out", "d.txt"], "d.txt does not end in .npz"),
]


@pytest.mark.parametrize(("words", "message"), LATE)
def test_what_cannot_be_done_with_found_directions_is_the_one_line_of_an_error(
    words: list[str], message: str, likeness: Likeness, marked: Path
) -> None:
    said = likeness("directions", *words)
    assert (said.code, said.out) == (2, "") and message in said.err and said.err.count("\n") == 1
    assert not Path("r").exists() and not Path("d.txt").exists()
