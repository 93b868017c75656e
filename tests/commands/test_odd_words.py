"""Words a user may well type that are odd: each does what it says, or is refused in one line."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from commands.test_training import weights
from likeness.runs.loading import load_model
from support.commands import TINY, Said

Likeness = Callable[..., Said]
DIGITS = ["--data", "digits", *TINY]


def refused(said: Said) -> str:
    """The one line of a refusal."""
    assert said.code == 2
    assert said.err.count("\n") == 1 and said.err.startswith("likeness: ")
    return said.err


@pytest.fixture
def place(run: Path, gan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to give commands in, with codes of many kinds."""
    monkeypatch.chdir(tmp_path)
    Path("run").symlink_to(run)
    Path("gan").symlink_to(gan)
    np.save("wide.npy", np.zeros((2, 5), np.float32))
    np.save("flat.npy", np.zeros(3, np.float32))
    np.save("whole.npy", np.zeros((2, 3), int))
    np.save("empty.npy", np.zeros((0, 3), np.float32))
    np.save("nan.npy", np.full((2, 3), np.nan, np.float32))
    np.save("objects.npy", np.array([{}], object), allow_pickle=True)
    np.savez("images.npz", images=np.zeros((2, 3)))
    Path("notes.txt").write_text("mine")
    return tmp_path


NO_LENGTH = "input should be greater than or equal to 1"
TRAINING = [
    (["--steps", "0"], f"training.steps is '0'; {NO_LENGTH}"),
    (["--steps", "-1"], f"training.steps is '-1'; {NO_LENGTH}"),
    (["--steps", "1.5"], "training.steps is '1.5'; "),
    (["--steps", ""], "training.steps is ''; "),
    (["--steps", "4", "--epochs", "1"], "steps and epochs are both given; keep one"),
    (["--batch", "0"], f"training.batch is '0'; {NO_LENGTH}"),
    (["--batch", "100000"], "1437 train images do not fill a batch of 100000; "),
    (["--lr", "-1"], "training.lr is '-1'; "),
    (["--lr", "1e999"], "training.lr is '1e999'; "),
    (["--beta", "-1"], "objective.beta is '-1'; "),
    (["--beta"], "argument --beta: expected one argument; see `likeness train --help`"),
    (["--seed", "99999999999999999999999"], "training.seed is '99999999999999999999999'; "),
    (["--rates", "encoder:x"], "training.rates.encoder is 'x'; "),
    (["--size", "-4"], "'-4' is not a size; write 64, or 48x64"),
    (["--channels", "9"], "there is no channel 9; "),
    (["--device", "toaster"], "device 'toaster' cannot be used"),
    (["--optimizer.beta1", "1.5"], "training.optimizer.adam.beta1 is '1.5'; "),
    (["--optimizer.beta3", "0"], "'--optimizer.beta3' is not understood; did you mean --optimizer"),
    (["--validation", "0.9", "--test", "0.9"], "leave none for train; "),
    (["--net.hidden", "999999"], "lower --latent, --size or the width of --net"),
    (["--borrow", "nobody", "gan"], "this method has no nobody; choose one of encoder, decoder"),
    (["--borrow", "decoder", "nowhere"], "nowhere is not a run: "),
    (["--data", ""], "--data is empty; name a file"),
    (["--preset", "."], "'.' is neither a preset nor a file; choose one of default"),
    (["more"], "'more' is not understood; see --help"),
    (["--Flip"], "'--Flip' is not understood; did you mean --flip"),
]


@pytest.mark.parametrize(("words", "message"), TRAINING)
def test_a_training_with_odd_settings_is_refused_and_leaves_nothing(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("train", "vae", "made", *DIGITS, *words))
    assert not (place / "made" / "config.yaml").exists()


USING = [
    (["sample", "run", "-n", "-1"], "-n is -1; ask for one sample or more"),
    (["sample", "run", "-n", "few"], "argument -n: invalid int value: 'few'; see"),
    (["sample", "run", "-n", "1", "--out", "no/such/x.png"], "could not be written"),
    (["sample", "run", "-n", "1", "--out", "notes.txt"], "notes.txt cannot be written"),
    (["sample", "run", "-n", "1", "--out", ""], ". is no place for images; choose another --out"),
    (["sample", "run", "-n", "1", "--out", "gan"], "gan is no place for images; choose another --out"),
    (["plane", "run", "--out", "no/such/x.png"], "run has no codes in the plane; "),
    (["decode", "run", "empty.npy"], "codes are finite floats"),
    (["sample"], "the following arguments are required: RUN; see `likeness sample --help`"),
    (["sample", ""], ". is not a run: it has no config.yaml; "),
    (["sample", "run/checkpoints"], "run/checkpoints is not a run: "),
    (["info", "run/checkpoints/step-00000004"], "is not a run: "),
    (["decode", "run", "wide.npy"], "codes have 5 dimensions, this model 3; "),
    (["decode", "run", "flat.npy"], "flat.npy holds float32 (3,); codes are finite floats"),
    (["decode", "run", "whole.npy"], "whole.npy holds int64 (2, 3); codes are finite floats"),
    (["decode", "run", "nan.npy"], "codes are finite floats"),
    (["decode", "run", "objects.npy"], "objects.npy holds no codes"),
    (["decode", "run", "images.npz"], "images.npz holds no codes"),
    (["decode", "run", "notes.txt"], "notes.txt holds no codes"),
    (["decode", "run", "nowhere.npz"], "nowhere.npz holds no codes"),
    (["interpolate", "run", "notes.txt", "notes.txt"], "notes.txt cannot be used (not an image); "),
    (["interpolate", "run", "x.png", "x.png", "--steps", "-3"], "--steps is -3; "),
    (["plane", "gan"], "gan has no codes in the plane; train a method with an encoder"),
    (["manifold", "run", "--rows", "0"], "0 rows of 20 hold no image; ask for one or more"),
    (["evaluate", "run", "--only", "pixel"], "'pixel' is not among the metrics; did you mean pixels?"),
    (["evaluate", "run", "--split", "some"], "invalid choice: 'some'"),
    (["reproduce", "makhzani2015", "x", "--data", "x", "--out", "y"], "did you mean makhzani2016?"),
    (["info", "run", "gan"], "'gan' is not understood; see --help"),
    (["_options"], "'_options' is not among the commands; "),
    (["../train"], "'../train' is not among the commands; "),
    (["--bogus"], "'--bogus' is not among the commands; "),
    (["train", "../vae", "x", "--data", "digits"], "'../vae' is not among the objectives; "),
    (["train", "_latent", "x", "--data", "digits"], "'_latent' is not among the objectives; "),
    (["sample", "run", "-n", "1", "--seed", "9" * 23], "seed"),
    (["encode", "run", "CELLS", "--out", "no/c.npz"], "--out"),
    (["manifold", "run", "--out", "no/such/x.png"], "--out"),
    (["manifold", "run", "--out", ""], "--out"),
    (["info", "two\nlines"], "is not a run"),
    (["reconstruct", "run", "two\nlines.png"], "there is no file"),
]


@pytest.mark.parametrize(("words", "message"), USING)
def test_odd_words_for_a_run_are_refused(
    words: list[str], message: str, likeness: Likeness, place: Path, cells: Path
) -> None:
    assert message in refused(likeness(*(str(cells) if word == "CELLS" else word for word in words)))


def test_a_list_of_near_files_is_one_line_whatever_their_names(likeness: Likeness, place: Path) -> None:
    (place / "two\nlines").touch()
    refused(likeness("train", "vae", "made", "--data", "zzz", *TINY))


def test_a_refused_evaluation_prints_nothing(likeness: Likeness, place: Path) -> None:
    assert likeness("evaluate", "nowhere").out == ""


ACCEPTED = [
    (["vae_gan", "made", *DIGITS, "--layers", "-2"]),
    (["vae_gan", "made", *DIGITS, "--steps", "1"]),
    (["vae_gan", "made", *DIGITS, "--real_weight", "0.5"]),
    (["vae", "made", *DIGITS, "--batch", "1"]),
    (["vae", "made", *DIGITS, "--data", "digits"]),
    (["--data", "digits", "vae", "made", *TINY]),
    ["--data", "digits", "vae_gan", "made", *TINY, "--gamma", "1"],
    ["vae", "made", "--data", "digits", "--net=mlp", "--net.hidden=16", "--steps=2", "--batch=8"],
    ["vae", "made", "--preset", "mine.yaml", "--data", "digits", "--net.hidden", "8", "--steps", "2"],
]


@pytest.mark.parametrize("words", ACCEPTED)
def test_odd_but_right_words_train(words: list[str], likeness: Likeness, place: Path) -> None:
    (place / "mine.yaml").write_text("net: {name: mlp, depth: 1}\n")
    said = likeness("train", *words)
    assert said.code == 0, said.err
    assert load_model(place / "made").step > 0


def test_other_networks_are_listed_when_a_run_is_resumed(likeness: Likeness, place: Path) -> None:
    assert "net.hidden: 16 -> 8" in likeness("train", "--resume", "run", "--net.hidden", "8").err


def test_another_setting_of_the_method_is_listed_when_a_run_is_resumed(
    likeness: Likeness, place: Path
) -> None:
    assert "objective.gamma: " in likeness("train", "--resume", "run", "--gamma", "2").err


def test_what_differs_is_listed_when_a_run_is_resumed(likeness: Likeness, place: Path) -> None:
    before = weights(place / "run")
    line = refused(likeness("train", "--resume", "run", "--latent", "5", "--lr", "1"))
    assert "objective.latent: 3 -> 5; training.lr: 0.0003 -> 1.0" in line
    assert weights(place / "run") == before


def test_another_method_is_refused_when_a_run_is_resumed(likeness: Likeness, place: Path) -> None:
    assert "method: gan -> vae" in refused(likeness("train", "vae", "gan", *DIGITS, "--resume"))


def test_a_rate_of_its_own_changes_the_move_it_names_and_no_other(likeness: Likeness, place: Path) -> None:
    words = [*DIGITS, "--steps", "1", "--layers", "hidden1"]
    assert likeness("train", "vae_gan", "plain", *words).code == 0
    assert likeness("train", "vae_gan", "slow", *words, "--rates", "discriminator:1e-5").code == 0
    plain, slow = (
        load_model(place / "plain").nets.state_dict(),
        load_model(place / "slow").nets.state_dict(),
    )
    differing = {name.split(".")[0] for name in plain if not np.array_equal(plain[name], slow[name])}
    assert differing == {"discriminator"}


HOSTILE = [
    ("!!python/object/apply:os.system ['touch owned']", "config.yaml is not a YAML file"),
    ("- a", "config.yaml holds no settings"),
    ("method: vae\nclass_path: os.system", "there is no setting 'class_path'"),
    ("method: vae\ndata: {data: x}\nobjective: {latent: -1}", "objective.latent is -1; "),
    ("method: ../../errors", "'../../errors' is not among the objectives"),
]


@pytest.mark.parametrize(("text", "message"), HOSTILE)
@pytest.mark.parametrize("command", ["info", "sample", "train --resume"])
def test_a_hostile_configuration_of_a_run_is_refused_and_runs_nothing(
    command: str, text: str, message: str, likeness: Likeness, place: Path
) -> None:
    shutil.copytree(place / "run", place / "bad")
    (place / "bad" / "config.yaml").write_text(text if text[0] in "!-" else f"format: 1\n{text}")
    assert message in refused(likeness(*command.split(), "bad"))
    assert not list(place.rglob("owned"))


def test_a_training_writes_nothing_outside_its_directory(
    likeness: Likeness, place: Path, gan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "there").mkdir()
    (place / "mine.yaml").write_text("training: {lr: 0.001}\n")
    before = set(place.rglob("*"))
    monkeypatch.chdir(place / "there")
    words = ["--preset", "../mine.yaml", "--borrow", "discriminator", "../gan"]
    assert likeness("train", "vae_dis_l", "../made", *DIGITS, *words).code == 0
    made = set(place.rglob("*")) - before
    assert {path.relative_to(place).parts[0] for path in made} == {"made"}
