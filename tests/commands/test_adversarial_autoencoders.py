"""Adversarial autoencoders as a user has them: few labels, any prior, pictures of the code space."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import likeness as package
from support.commands import TINY, Said

Likeness = Callable[..., Said]
PLANE = [word if word != "3" else "2" for word in TINY]


@pytest.mark.parametrize("prior", ["normal", "uniform", "petals", "swiss_roll"])
def test_codes_in_the_plane_are_drawn_over_any_prior(
    prior: str, likeness: Likeness, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    assert likeness("train", "aae_labels", run, "--data", "digits", *PLANE, "--prior", prior).code == 0
    assert likeness("plane", run, "--out", tmp_path / "codes.png").code == 0
    assert Image.open(tmp_path / "codes.png").size == (640, 640)
    assert likeness("manifold", run, "--rows", 3, "--columns", 4, "--out", tmp_path / "m.png").code == 0
    assert Image.open(tmp_path / "m.png").size == (4 * 66 + 2, 3 * 66 + 2)


@pytest.mark.parametrize("posterior", ["deterministic", "gaussian", "noisy", "universal"])
def test_any_posterior_encodes_the_same_image_to_the_same_code(
    posterior: str, likeness: Likeness, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    assert likeness("train", "aae", run, "--data", "digits", *TINY, "--posterior", posterior).code == 0
    model = package.load(run)
    x = model.sample(4)
    assert np.array_equal(model.encode(x), model.encode(x))


@pytest.mark.parametrize("method", ["aae_supervised", "aae_semi", "aae_cluster"])
def test_styles_are_shown_in_a_row_for_each_class(method: str, likeness: Likeness, tmp_path: Path) -> None:
    run = tmp_path / "run"
    words = ["train", method, run, "--data", "digits", *TINY, "--batch", "20"]
    assert likeness(*words).code == 0
    assert likeness("manifold", run, "--columns", 5, "--out", tmp_path / "m.png").code == 0
    rows = 16 if method == "aae_cluster" else 10
    assert Image.open(tmp_path / "m.png").height == rows * 66 + 2


def test_few_labels_are_as_many_of_each_class(likeness: Likeness, tmp_path: Path) -> None:
    words = ["train", "aae_semi", tmp_path / "run", "--data", "digits", *TINY, "--labels", "30"]
    assert likeness(*words).code == 0
    said = likeness("evaluate", tmp_path / "run", "--only", "classes").out
    assert "classification_error_percent" in said and "pixel_mse" not in said


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """Images with labels 0 to 11, and without any."""
    images = np.random.default_rng(0).integers(0, 255, (60, 6, 5)).astype("u1")
    np.savez(tmp_path / "twelve.npz", images=images, labels=np.arange(60) % 12)
    np.savez(tmp_path / "none.npz", images=images)
    np.save(tmp_path / "codes.npy", np.zeros((5, 4), np.float32))
    for name, body in SAMPLERS.items():
        (tmp_path / f"{name}.py").write_text(body)
    return tmp_path


SAMPLERS = {
    "right": "import numpy as np\ndef sample(n, dim): return np.full((n, dim), 0.25)\n",
    "wide": "import numpy as np\ndef sample(n, dim): return np.zeros((n, dim + 1))\n",
    "nan": "import numpy as np\ndef sample(n, dim): return np.full((n, dim), np.nan)\n",
    "words": "def sample(n, dim): return 'codes'\n",
    "none": "def draw(n, dim): return 0\n",
    "broken": "def sample(n, dim) return 0\n",
}
"""Samplers of a user's own: one that works, and what can be wrong with one."""
OWN = ["aae", "--data", "digits", "--prior", "sampler"]
PRODUCT = ["aae", "--data", "digits", "--prior", "product"]


REFUSED = [
    (["aae_semi", "--data", "twelve.npz"], "there is a label 11, --classes is 10; make it 12"),
    (["aae_semi", "--data", "twelve.npz", "--classes", "13"], "class 12 has no labelled image"),
    (["aae_supervised", "--data", "none.npz"], "the data have no labels"),
    (["aae_semi", "--data", "none.npz", "--labels", "20"], "the data have no labels"),
    (["aae_semi", "--data", "digits", "--labels", "90000"], "--labels 90000 needs"),
    (["aae_semi", "--data", "digits", "--labels", "3"], "--labels 3 leaves a class of 10 without one"),
    (["aae", "--data", "digits", "--prior", "petals"], "petals lies in the plane, --latent is 3"),
    (["aae", "--data", "digits", "--prior", "empirical"], "cannot be read as .npy"),
    (["aae", "--data", "digits", "--prior", "empirical", "--prior.file", "codes.npy"], "has 4 dimensions"),
    (["aae_cluster", "--data", "digits", "--classes", "9"], "9 clusters are more than a batch of 8"),
    (["vae", "--data", "digits", "--prior", "swiss_roll"], "objective.prior"),
    (OWN, "'' is no file"),
    ([*OWN, "--prior.program", "wide.py"], "of wide.py gives (200000, 4); give (200000, 3)"),
    ([*OWN, "--prior.program", "nan.py"], "of nan.py gives values that are not finite"),
    ([*OWN, "--prior.program", "words.py"], "words.py fails (TypeError"),
    ([*OWN, "--prior.program", "none.py"], "none.py defines no sample(n, dim)"),
    ([*OWN, "--prior.program", "broken.py"], "broken.py fails (SyntaxError"),
    (PRODUCT, "no factor dimensions, --latent is 3"),
    ([*PRODUCT, "--prior.factors", "normal:2,uniform:2"], "have 2 + 2 dimensions, --latent is 3"),
    ([*PRODUCT, "--prior.factors", "normal:1,gaussian:2"], "gaussian"),
    ([*PRODUCT, "--prior.factors", "normal"], "dims"),
]


def test_a_sampler_of_ones_own_runs_at_the_beginning_and_never_again(
    likeness: Likeness, more: Path
) -> None:
    run, program = more / "run", more / "right.py"
    assert likeness("train", *OWN[:1], run, *OWN[1:], "--prior.program", program, *TINY).code == 0
    program.write_text("raise SystemExit('run again')")
    assert likeness("train", "--resume", run, "--steps", 9).code == 0
    assert package.load(run).codes(5).eq(0.25).all()
    (run / "prior.npy").unlink()
    said = likeness("sample", run, "--out", more / "s.png")
    assert said.code == 1 and "prior.npy is missing" in said.err


def test_clusters_are_shown_in_a_row_each(likeness: Likeness, tmp_path: Path) -> None:
    run, out = tmp_path / "run", tmp_path / "clusters.png"
    words = ["train", "aae_cluster", run, "--data", "digits", *TINY, "--batch", "20"]
    assert likeness(*words).code == 0
    assert likeness("clusters", run, "--columns", 5, "--out", out).code == 0
    assert Image.open(out).size == (6 * 66 + 2, 16 * 66 + 2)
    assert "lower --columns" in likeness("clusters", run, "--columns", 9999, "--out", out).err


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_does_not_fit_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, more: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(more)
    said = likeness("train", words[0], "run", *words[1:], *TINY)
    assert said.code == 2
    assert message in said.err
    assert said.err.count("\n") == 1


def test_a_supervised_model_needs_the_label_of_what_it_encodes(likeness: Likeness, more: Path) -> None:
    run, twelve = more / "run", more / "twelve.npz"
    words = ["train", "aae_supervised", run, "--data", twelve, *TINY, "--classes", "12"]
    assert likeness(*words).code == 0
    assert likeness("encode", run, twelve, "--out", more / "codes.npz").code == 0
    assert np.load(more / "codes.npz")["codes"].shape == (60, 15)
    assert "needs the label of each image" in likeness("encode", run, more / "none.npz").err
