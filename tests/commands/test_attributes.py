"""Attributes from the command line: methods that are given some, and what directions change besides."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

import likeness as package
from likeness.predictors import fitting, regressor
from support.commands import TINY, Said

Likeness = Callable[..., Said]
DATA = ["--data", "marked.npz", *TINY]
GIVEN = ["--given", "dark,striped"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with images that are dark or not, striped or not, and runs of them."""
    folder = tmp_path_factory.mktemp("attributes")
    random = np.random.default_rng(0)
    dark, striped = random.integers(0, 2, (2, 200))
    images = 128 + 40 * random.standard_normal((200, 8, 8, 1)) - 60 * dark[:, None, None, None]
    images[:, ::2] += 60 * striped[:, None, None, None]
    images = images.clip(0, 255).astype(np.uint8)
    np.savez(folder / "marked.npz", images=images, dark=dark, striped=striped)
    np.savez(folder / "bare.npz", images=images)
    np.savez(folder / "other.npz", images=images, dark=1 - dark, tall=striped)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for method in ("gan", "vae_gan"):
            package.train(method, method, **WORDS, given=["dark", "striped"])
        package.train("vae_gan", "plain", **WORDS)
    return folder


WORDS = {"data": "marked.npz", "net": {"name": "mlp", "hidden": 16}, "steps": 4, "batch": 8, "latent": 3}


@pytest.fixture(autouse=True)
def here(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands are given there; regressors train a moment."""
    monkeypatch.chdir(place)
    monkeypatch.setattr(regressor, "STEPS", 60)
    monkeypatch.setattr(regressor, "BATCH", 32)
    monkeypatch.setattr(fitting, "CHOSEN_EVERY", 20)


def test_a_method_that_is_given_attributes_trains_and_is_used(likeness: Likeness) -> None:
    assert likeness("train", "vae", "vae", *DATA, *GIVEN).code == 0
    assert likeness("sample", "vae", "-n", "5", "--out", "s.npy").code == 0
    assert np.load("s.npy").shape == (5, 8, 8, 1)
    assert likeness("evaluate", "vae", "--only", "pixels").code == 0
    assert likeness("encode", "vae", "marked.npz", "--out", "codes.npz").code == 0
    assert likeness("score", "vae", "marked.npz", "--out", "s.csv").code == 0


def test_samples_have_attributes_of_training_images_in_turn() -> None:
    model = package.load("gan")
    assert model.seen is not None and model.seen.shape == (160, 2)
    codes = model.codes(5, seed=3)
    assert torch.equal(model.sample(5, seed=3), model.decode(codes, model.seen[:5]))
    assert not torch.equal(model.decode(codes, model.seen[:5]), model.decode(codes, 1 - model.seen[:5]))


def test_samples_have_what_is_asked_for(likeness: Likeness) -> None:
    words = ["sample", "gan", "-n", "5", "--seed", "3", "--having", "striped:0,dark", "--out", "h.npy"]
    assert likeness(*words).code == 0
    model = package.load("gan")
    expected = model.arrays(model.decode(model.codes(5, seed=3), torch.tensor([[1.0, 0.0]]).expand(5, 2)))
    assert np.array_equal(np.load("h.npy"), expected)
    assert torch.equal(package.load("gan").seen, model.seen)  # type: ignore[arg-type]


def test_more_images_than_fit_at_once_keep_their_attributes() -> None:
    model = package.load("vae_gan")
    attributes = torch.randint(2, (600, 2)).float()
    z = model.codes(600)
    whole = model.decode(z, attributes)
    assert torch.allclose(whole[555:560], model.decode(z[555:560], attributes[555:560]), atol=1e-5)
    codes = model.encode(whole, None, attributes)
    some = model.encode(whole[555:560], None, attributes[555:560])
    assert torch.allclose(codes[555:560], some, atol=1e-5)


def test_a_classifier_that_is_told_attributes_is_measured(likeness: Likeness) -> None:
    words = ["train", "aae_cluster", "clusters", *DATA, *GIVEN, "--classes", "3"]
    said = likeness(*words)
    assert said.code == 0, said.err
    model = package.load("clusters")
    x, attributes = torch.zeros(2, 1, 8, 8), torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    one, other = model.class_probabilities(x, attributes)
    assert not torch.equal(one, other) and float(one.sum()) == pytest.approx(1)
    assert likeness("evaluate", "clusters").code == 0


def test_a_resumed_run_is_given_the_same(likeness: Likeness) -> None:
    said = likeness("train", "--resume", "vae_gan", "--given", "dark")
    assert said.code == 2 and "objective.given: ['dark', 'striped'] -> ['dark']" in said.err
    assert likeness("train", "--resume", "vae_gan", "--steps", "5").code == 0


def test_a_discriminator_is_borrowed_with_its_attributes(likeness: Likeness) -> None:
    words = ["train", "vae_dis_l", "borrowed", *DATA, "--borrow", "discriminator", "gan"]
    assert likeness(*words, *GIVEN).code == 0
    said = likeness(*words[:2], "wrong", *words[3:], "--given", "striped,dark")
    assert said.code == 2 and "gan was given other attributes (dark, striped)" in said.err


def test_leakage_is_measured_with_a_regressor_that_is_kept(likeness: Likeness) -> None:
    assert likeness("directions", "plain", "--leakage", "regressor").code == 0
    with open("directions-leakage.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * 2 * 2
    own = [float(r["effect"]) for r in rows if r["kind"] == "data" and r["direction"] == r["attribute"]]
    assert own == [1.0, 1.0]
    weights = Path("regressor/regressor.safetensors").read_bytes()
    said = likeness("directions", "plain", "--leakage", "regressor")
    assert Path("regressor/regressor.safetensors").read_bytes() == weights
    assert "plain: effect, leakage, most" in said.out and "striped" in said.out
    kept = json.loads(Path("regressor/regressor.json").read_text())
    assert kept["names"] == ["dark", "striped"] and kept["steps"] in (20, 40, 60)


def test_a_regressor_reads_what_is_there(likeness: Likeness, place: Path) -> None:
    from likeness.data.dataset import load
    from likeness.data.settings import DataSettings

    dataset = load(DataSettings(data="marked.npz"), 0)
    found = regressor.regressor(place / "learned", dataset, False, lambda progress: None)
    x = dataset.scaling.to_unit(dataset.test.images)
    right = (found.read(x) > 0) == torch.from_numpy(dataset.test.attributes > 0.5)  # type: ignore[operator]
    assert right.float().mean(0).min() > 0.9
    again = regressor.regressor(place / "learned", dataset, False, lambda progress: None)
    assert torch.equal(again.read(x), found.read(x))


REFUSED = [
    (["train", "vae", "x", *DATA, "--given", "darc"], "there is no attribute 'darc'; did you mean dark?"),
    (["train", "vae", "x", *DATA, "--data", "bare.npz", *GIVEN], "the data have no attributes"),
    (["explore", "vae_gan", "--no-browser"], "vae_gan is told attributes (--given)"),
    (["directions", "vae_gan", "--leakage", "vae_gan"], "vae_gan holds other things than a regressor"),
    (["encode", "vae_gan", "bare.npz"], "there is no attribute 'dark'; the data have no attributes"),
    (["reconstruct", "vae_gan", "one.npy"], "told attributes of images (--given), and there are none here"),
    (["decode", "vae_gan", "codes.npy"], "give data that have them, or take a model without"),
    (["sample", "gan", "--having", "tall"], "is given no attribute 'tall'; choose one of dark, striped"),
    (["sample", "plain", "--having", "dark"], "no attribute 'dark'; it was trained without --given"),
    (["sample", "gan", "--having", "dark:x"], "--having is 'dark:x'; write names with numbers"),
    (["metric", "gan", "--out", "m"], "must do so without attributes; take a run without --given"),
    (["evaluate", "plain", "--judge", "gan"], "must do so without attributes"),
    (["train", "vae_dis_l", "x", *DATA, "--borrow", "discriminator", "gan"], "than this is (none); give"),
    (["directions", "numbers", "--leakage", "r"], "no attributes: the data have no columns of 0 and 1"),
    (["directions", "plain", "--having", "a", "--lacking", "b", "--leakage", "r"], "leave out --having"),
    (
        ["directions", "plain", "--data", "other.npz", "--leakage", "kept"],
        "is of other data, or of another",
    ),
]


@pytest.fixture(scope="module")
def files(place: Path) -> None:
    """What refused commands name."""
    np.save(place / "one.npy", np.zeros((8, 8, 1), np.uint8))
    np.save(place / "codes.npy", np.zeros((2, 3), np.float32))
    package.train("vae", place / "numbers", **WORDS | {"data": "digits"})


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_done_with_attributes_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, files: None
) -> None:
    if "kept" in words:
        assert likeness("directions", "plain", "--leakage", "kept").code == 0
    said = likeness(*words)
    assert said.code == 2 and message in said.err and said.err.splitlines()[-1].startswith("likeness: ")
    assert not Path("x/config.yaml").exists()


def test_a_damaged_regressor_is_said_to_be_so(likeness: Likeness) -> None:
    assert likeness("directions", "plain", "--leakage", "damaged").code == 0
    weights = Path("damaged/regressor.safetensors")
    weights.write_bytes(weights.read_bytes()[:-8])
    said = likeness("directions", "plain", "--leakage", "damaged")
    assert said.code == 1 and "damaged holds no regressor that can be read" in said.err
