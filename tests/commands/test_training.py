"""`likeness train`: its options, what it refuses, and that Python does the same."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import likeness as package
from likeness import config, registry
from likeness.commands._options import fields
from likeness.config import SECTIONS
from likeness.runs import checkpoints, memory_estimate
from support.commands import TINY, Said

Likeness = Callable[..., Said]
METHODS = registry.names("likeness.objectives")


def weights(path: Path) -> bytes:
    """The weights of a run's newest checkpoint."""
    return checkpoints.newest(path / "checkpoints")[0].files[checkpoints.WEIGHTS]


@pytest.mark.parametrize("method", METHODS)
def test_help_explains_every_setting(
    method: str, likeness: Likeness, capsys: pytest.CaptureFixture
) -> None:
    with pytest.raises(SystemExit) as ended:
        likeness("train", method, "--help")
    assert ended.value.code == 0
    said = "".join(capsys.readouterr().out.split())
    for cls in (config.objective_class(method), *SECTIONS.values()):
        for name, _, _, text in fields(cls):
            assert text, f"{name} has no help"
            assert f"--{name.replace('_', '-')}" in said
            assert "".join(text.split()).replace("-", "") in said.replace("-", ""), (
                f"{name} is not explained"
            )


def test_the_list_of_commands_needs_no_torch() -> None:
    code = (
        "import sys; from likeness.__main__ import main; main(['--help']);"
        "sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert said.returncode == 0
    for name in registry.names("likeness.commands"):
        assert name.replace("_", "-") in said.stdout


def test_a_training_ends_by_naming_its_report_and_pictures(likeness: Likeness, tmp_path: Path) -> None:
    run = tmp_path / "run"
    said = likeness("train", "vae", run, "--data", "digits", *TINY)
    assert said.code == 0
    assert f"{run}/report.html" in said.out and f"{run}/pictures" in said.out
    assert "4/4" in said.err and "img/s" in said.err


def test_python_does_what_the_command_does(likeness: Likeness, tmp_path: Path) -> None:
    likeness("train", "vae_gan", tmp_path / "a", "--data", "digits", *TINY)
    net = {"name": "mlp", "hidden": 16}
    settings = {"data": "digits", "net": net, "steps": 4, "batch": 8, "latent": 3}
    model = package.train("vae_gan", tmp_path / "b", **settings)
    assert weights(tmp_path / "a") == weights(tmp_path / "b")
    assert model.encode(model.sample(2)).shape == (2, 3)
    assert package.load(tmp_path / "b").step == 4


def test_a_finished_run_goes_on_with_more_steps(likeness: Likeness, tmp_path: Path) -> None:
    likeness("train", "vae", tmp_path / "short", "--data", "digits", *TINY)
    assert likeness("train", "--resume", tmp_path / "short", "--steps", 6).code == 0
    long = [word if word != "4" else "6" for word in TINY]
    likeness("train", "vae", tmp_path / "long", "--data", "digits", *long)
    assert weights(tmp_path / "short") == weights(tmp_path / "long")


def test_the_same_command_with_resume_begins_or_goes_on(likeness: Likeness, tmp_path: Path) -> None:
    words = ("train", "vae", tmp_path / "run", "--data", "digits", *TINY, "--resume")
    assert likeness(*words).code == 0
    first = weights(tmp_path / "run")
    assert likeness(*words).code == 0
    assert weights(tmp_path / "run") == first


@pytest.mark.parametrize("layers", ["--layers=-2", "--layers=hidden1:0.5,hidden2:1", "--layers=0"])
def test_layers_are_chosen_by_name_or_index(layers: str, likeness: Likeness, tmp_path: Path) -> None:
    assert likeness("train", "vae_gan", tmp_path / "run", "--data", "digits", *TINY, layers).code == 0


@pytest.mark.parametrize(("channels", "count"), [("1", 1), ("0,2", 2)])
def test_channels_are_chosen_by_number(
    channels: str, count: int, likeness: Likeness, cells: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    assert likeness("train", "vae", run, "--data", cells, "--channels", channels, *TINY).code == 0
    assert package.load(run).shape.channels == count


def test_a_borrowed_discriminator_is_given_by_its_run(
    likeness: Likeness, gan: Path, tmp_path: Path
) -> None:
    words = ("train", "vae_dis_l", tmp_path / "run", "--data", "digits", *TINY)
    assert "pass --borrow discriminator RUN" in likeness(*words).err
    assert likeness(*words, "--borrow", "discriminator", gan).code == 0
    lent, used = (package.load(path).nets["discriminator"].state_dict() for path in (gan, tmp_path / "run"))
    assert all(np.array_equal(lent[name], used[name]) for name in lent)


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Data that cannot be trained on."""
    rng = np.random.default_rng(0)
    np.save(tmp_path / "constant.npy", np.full((40, 6, 5, 1), 7, np.uint8))
    np.savez(
        tmp_path / "labels.npz", images=rng.integers(0, 255, (40, 6, 5)).astype("u1"), labels=np.arange(39)
    )
    (tmp_path / "single").mkdir()
    Image.fromarray(rng.integers(0, 255, (6, 5)).astype("u1")).save(tmp_path / "single" / "only.png")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    return tmp_path


REFUSED = [
    (["vea", "run", "--data", "digits"], "'vea' is not among the objectives; did you mean vae"),
    (["vae", "run", "--data", "digit"], "there are no data 'digit'; did you mean digits?"),
    (
        ["vae", "run", "--data", "digits", "--latnt", "3"],
        "'--latnt' is not understood; did you mean --latent",
    ),
    (["vae", "run", "--data", "digits", "--net", "lenet"], "'lenet' is not among the nets; did you mean"),
    (["vae", "run", "--data", "digits", "--preset", "defalt"], "did you mean default"),
    (["vae", "run", "--data", "digits", "--latent", "-3"], "latent"),
    (["vae", "run", "--data", "digits", "--lr", "nan"], "training.lr"),
    (["vae", "run", "--data", "digits", "--optimizer", "sgd"], "training.optimizer"),
    (["vae", "run", "--data", "digits", "--rates", "nobody:1"], "vae has no move 'nobody'; "),
    (["vae", "run", "--data", "digits", "--latent", "1000000"], "lower --latent"),
    (["vae", "run"], "data"),
    (["vae"], "no method and run directory; write"),
    (
        ["vae_gan", "run", "--data", "digits", "--layers", "conv9"],
        "the discriminator has no layer 'conv9'; ",
    ),
    (["vae", "run", "--data", "single"], "1 image(s) are too few; give at least 4"),
    (["vae", "run", "--data", "constant.npy"], "constant images"),
    (["vae", "run", "--data", "labels.npz"], "39"),
    (["vae", "full", "--data", "digits"], "full is not empty, or not a directory; choose another"),
    (["--resume", "nowhere"], "nowhere is not a run"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_trained_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bad)
    said = likeness("train", *words)
    assert said.code == 2
    assert message in said.err
    assert said.err.count("\n") == 1
    assert not (bad / "run" / "config.yaml").exists()
    assert (bad / "full" / "notes.txt").read_text() == "mine"


def test_a_run_that_exists_is_refused_with_the_remedy(likeness: Likeness, gan: Path) -> None:
    said = likeness("train", "gan", gan, "--data", "digits", *TINY)
    assert said.code == 2
    assert f"continue it with `likeness train --resume {gan}`" in said.err


def test_a_refused_training_may_be_begun_again_in_the_same_place(
    likeness: Likeness, tmp_path: Path
) -> None:
    assert likeness("train", "vae", tmp_path / "run", "--data", "nothing").code == 2
    assert likeness("train", "vae", tmp_path / "run", "--data", "digits", *TINY).code == 0


def test_a_dry_run_says_the_largest_batch_and_writes_nothing(
    likeness: Callable[..., Said], cells: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    words = ("train", "vae_gan", run, "--data", cells, *TINY, "--dry-run")
    little, much = (likeness(*words, "--memory", gib) for gib in (2, 4))
    assert little.code == much.code == 0, little.err
    assert not run.exists()
    found = [int(re.findall(r"largest +--batch (\d+)", said.out)[0]) for said in (little, much)]
    assert 0 < found[0] < found[1]
    assert re.search(r"encoder +[\d,]+ parameters\n", little.out)


def test_a_dry_run_counts_on_the_memory_of_its_container(
    likeness: Callable[..., Said], cells: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = [tmp_path / "memory.max", tmp_path / "memory.limit_in_bytes", tmp_path / "none"]
    monkeypatch.setattr(memory_estimate, "CONTAINER", tuple(limits))
    words = ("train", "vae_gan", tmp_path / "run", "--data", cells, *TINY, "--dry-run")
    found = []
    for of_container in (["max", str(2**63)], ["max", str(2 * 2**30)], [str(3 * 2**29), str(2**63)]):
        for file, limit in zip(limits, of_container):
            file.write_text(limit + "\n")
        found.append(int(re.findall(r"largest +--batch (\d+)", likeness(*words).out)[0]))
    assert found[0] > found[1] > found[2] > 0
