"""`likeness train`: what a training does with its options, and that Python does the same."""

import re
import sys
import warnings
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import likeness as package
from likeness.commands import _progress
from likeness.errors import warn
from likeness.runs import memory_estimate
from likeness.runs.loading import load_model
from likeness.runs.run import Run
from likeness.training.progress import Progress
from likeness.training.step_memory import StepMemory
from support.commands import DIGITS, TINY, Likeness, done, refused
from support.small_runs import weights


def test_a_training_ends_by_naming_its_report_and_pictures(likeness: Likeness, tmp_path: Path) -> None:
    run = tmp_path / "run"
    said = done(likeness("train", "vae", run, *DIGITS))
    assert f"{run}/report.html" in said.out and f"{run}/pictures" in said.out
    assert (run / "report.html").exists() and list((run / "pictures").glob("*.png"))
    assert "4/4" in said.err and "img/s" in said.err


def test_a_warning_stands_in_a_line_above_the_bar(capsys: pytest.CaptureFixture[str]) -> None:
    def show(message: Warning | str, *where: object) -> None:
        print(message, file=sys.stderr)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = show
        with _progress.Progress() as bar:
            bar.show(Progress(1, 4, 8, None))
            warn("a fact")
            bar.show(Progress(2, 4, 8, None))
        assert warnings.showwarning == show
    lines = re.split(r"[\r\n]", capsys.readouterr().err)
    (line,) = [line for line in lines if "a fact" in line]
    assert "step" not in line


def test_python_does_what_the_command_does(likeness: Likeness, tmp_path: Path) -> None:
    done(likeness("train", "vae_gan", tmp_path / "a", *DIGITS))
    net = {"name": "mlp", "hidden": 16}
    model = package.train("vae_gan", tmp_path / "b", data="digits", net=net, steps=4, batch=8, latent=3)
    assert weights(tmp_path / "a") == weights(tmp_path / "b")
    assert model.encode(model.sample(2)).mean.shape == (2, 3)
    assert package.load(tmp_path / "b").step == 4


def test_a_finished_run_goes_on_with_more_steps(likeness: Likeness, tmp_path: Path) -> None:
    done(likeness("train", "vae", tmp_path / "short", *DIGITS))
    done(likeness("train", "--resume", tmp_path / "short", "--steps", 6))
    done(likeness("train", "vae", tmp_path / "long", *DIGITS, "--steps", 6))
    assert weights(tmp_path / "short") == weights(tmp_path / "long")


def test_the_same_command_with_resume_begins_and_goes_on_where_it_ended(
    likeness: Likeness, tmp_path: Path
) -> None:
    words = ("train", "vae", tmp_path / "run", *DIGITS, "--resume")
    done(likeness(*words))
    first = weights(tmp_path / "run")
    done(likeness(*words))
    assert first[0] == 4 and weights(tmp_path / "run") == first


@pytest.fixture(scope="module")
def judged_by(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """Weights of a VAE/GAN whose features are those of some layers."""
    folder, known = tmp_path_factory.mktemp("layers"), dict[str, Any]()

    def weights_by(layers: str) -> Any:
        if layers not in known:
            net = {"name": "mlp", "hidden": 16}
            path = folder / f"run{len(known)}"
            package.train(
                "vae_gan", path, data="digits", net=net, steps=2, batch=8, latent=3, layers=layers
            )
            known[layers] = weights(path)
        return known[layers]

    return weights_by


SAME = [("0", "hidden1"), ("-1", "hidden2"), ("hidden1:0.5,hidden2:1", "0:0.5,1:1")]


@pytest.mark.parametrize(("layers", "same"), SAME)
def test_layers_are_chosen_by_name_or_index(
    layers: str, same: str, judged_by: Callable[[str], Any]
) -> None:
    assert judged_by(layers) == judged_by(same)
    others = [judged_by(other) for other, _ in SAME if other != layers]
    assert judged_by(layers) not in others


@pytest.mark.parametrize(("channels", "chosen"), [("1", [1]), ("0,2", [0, 2])])
def test_channels_are_chosen_by_number(
    channels: str, chosen: list[int], likeness: Likeness, cells: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    done(likeness("train", "vae", run, "--data", cells, "--data.channels", channels, *TINY))
    model, images = package.load(run), np.load(cells)["images"]
    assert model.shape.channels == len(chosen)
    for low, high, channel in zip(model.scaling.low, model.scaling.high, chosen):
        assert images[..., channel].min() <= low < high <= images[..., channel].max()


def test_a_borrowed_discriminator_is_given_by_its_run(
    likeness: Likeness, gan: Path, tmp_path: Path
) -> None:
    words = ("train", "vae_dis_l", tmp_path / "run", *DIGITS)
    assert "pass --borrow discriminator RUN" in refused(likeness(*words))
    done(likeness(*words, "--borrow", "discriminator", gan))
    lent, used = (package.load(path).nets["discriminator"].state_dict() for path in (gan, tmp_path / "run"))
    assert lent and lent.keys() == used.keys()
    assert all(torch.equal(lent[name], used[name]) for name in lent)


def test_a_refused_training_may_be_begun_again_in_the_same_place(
    likeness: Likeness, tmp_path: Path
) -> None:
    refused(likeness("train", "vae", tmp_path / "run", "--data", "nothing"))
    done(likeness("train", "vae", tmp_path / "run", *DIGITS))
    assert package.load(tmp_path / "run").step == 4


@pytest.fixture(scope="module")
def rehearsed_once() -> Iterator[None]:
    """What a step takes is found out once, for the same training each time."""
    really, found = memory_estimate.estimate_step_memory, list[StepMemory]()

    def once(*given: Any) -> StepMemory:
        if not found:
            found.append(really(*given))
        return found[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory_estimate, "estimate_step_memory", once)
        yield


def largest_batch(out: str) -> int:
    """The batch that a dry run says is the largest."""
    return int(re.findall(r"largest +--batch (\d+)", out)[0])


@pytest.mark.usefixtures("rehearsed_once")
def test_a_dry_run_says_the_largest_batch_and_writes_nothing(
    likeness: Likeness, cells: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    words = ("train", "vae_gan", run, "--data", cells, *TINY, "--dry-run")
    little, much = (done(likeness(*words, "--memory", gib)).out for gib in (2, 4))
    assert not run.exists()
    assert 0 < largest_batch(little) < largest_batch(much)
    assert re.search(r"encoder +[\d,]+ parameters\n", little)


@pytest.mark.usefixtures("rehearsed_once")
def test_a_dry_run_counts_on_the_memory_of_its_container(
    likeness: Likeness, cells: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = [tmp_path / "memory.max", tmp_path / "memory.limit_in_bytes", tmp_path / "none"]
    monkeypatch.setattr(memory_estimate, "CONTAINER", tuple(limits))
    words = ("train", "vae_gan", tmp_path / "run", "--data", cells, *TINY, "--dry-run")
    found = []
    for of_container in (["max", str(2**63)], ["max", str(2 * 2**30)], [str(3 * 2**29), str(2**63)]):
        for file, limit in zip(limits, of_container):
            file.write_text(limit + "\n")
        found.append(largest_batch(done(likeness(*words)).out))
    assert found[0] > found[1] > found[2] > 0


@pytest.mark.parametrize("posterior", ["deterministic", "gaussian", "fixed_variance", "universal"])
def test_any_posterior_encodes_the_same_image_to_the_same_code(
    posterior: str, likeness: Likeness, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    done(likeness("train", "aae", run, *DIGITS, "--posterior", posterior))
    model = package.load(run)
    x = torch.rand(4, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    codes = model.encode(x).mean
    assert torch.equal(model.encode(x).mean, codes) and not torch.equal(codes[0], codes[1])


def test_a_sampler_of_ones_own_runs_at_the_beginning_and_never_again(
    likeness: Likeness, tmp_path: Path
) -> None:
    run, program = tmp_path / "run", tmp_path / "right.py"
    program.write_text("import numpy as np\ndef sample(n, dim): return np.full((n, dim), 0.25)\n")
    words = ["--prior", "sampler", "--prior.program", program]
    done(likeness("train", "aae", run, *DIGITS, *words))
    program.write_text("raise SystemExit('run again')")
    done(likeness("train", "--resume", run, "--steps", 9))
    assert package.load(run).sample_codes(5).eq(0.25).all()
    (run / "prior.npy").unlink()
    said = likeness("sample", run, "--out", tmp_path / "s.png")
    assert said.code == 1 and "prior.npy is missing" in said.err


def test_a_training_on_attributes_is_conditioned_on_them(likeness: Likeness, marked: Path) -> None:
    done(likeness("train", "vae", "vae", "--data", "marked.npz", *TINY, "--condition", "dark,striped"))
    model = package.load("vae")
    assert model.conditions.names == ("dark", "striped")
    z = model.sample_codes(1)
    dark, light = (model.decode(z, torch.tensor([[has, 0.0]])) for has in (1.0, 0.0))
    assert not torch.equal(dark, light)


def test_a_discriminator_is_borrowed_with_its_conditions(likeness: Likeness, marked: Path) -> None:
    words = ["--data", "marked.npz", *TINY, "--borrow", "discriminator", "gan"]
    done(likeness("train", "vae_dis_l", "borrowed", *words, "--condition", "dark,striped"))
    lent, used = (package.load(path).nets["discriminator"].state_dict() for path in ("gan", "borrowed"))
    assert lent and all(torch.equal(lent[name], used[name]) for name in lent)
    line = refused(likeness("train", "vae_dis_l", "wrong", *words, "--condition", "striped,dark"))
    assert "gan has other conditions (dark (binary), striped (binary)) than this training (striped" in line


ACCEPTED = [
    (["vae_gan", "made", *DIGITS, "--layers", "-2"], "objective.features.layers", {"-2": 1.0}),
    (["vae_gan", "made", *DIGITS, "--steps", "1"], "training.steps", 1),
    (["vae_gan", "made", *DIGITS, "--real_weight", "0.5"], "objective.real_weight", 0.5),
    (["vae", "made", *DIGITS, "--batch", "1"], "training.batch", 1),
    (["vae", "made", *DIGITS, "--data", "digits"], "data.data", "digits"),
    (["--data", "digits", "vae", "made", *TINY], "method", "vae"),
    (["--data", "digits", "vae_gan", "made", *TINY, "--gamma", "2"], "objective.gamma", 2.0),
    (["vae", "made", "--data=digits", "--net=mlp", "--net.hidden=16", "--steps=2"], "net.hidden", 16),
    (["vae", "made", "--preset", "mine.yaml", "--data", "digits", "--steps", "2"], "net.depth", 1),
]


@pytest.mark.parametrize(("words", "setting", "expected"), ACCEPTED)
def test_odd_but_right_words_train_as_they_say(
    words: list[str], setting: str, expected: object, likeness: Likeness, place: Path
) -> None:
    (place / "mine.yaml").write_text("net: {name: mlp, depth: 1, hidden: 8}\n")
    done(likeness("train", *words))
    config = Run(place / "made").config()
    assert attrgetter(setting)(config) == expected
    assert load_model(place / "made").step == config.training.steps


def test_a_rate_of_its_own_changes_the_move_it_names_and_no_other(likeness: Likeness, place: Path) -> None:
    words = [*DIGITS, "--steps", "1", "--layers", "hidden1"]
    done(likeness("train", "vae_gan", "plain", *words))
    done(likeness("train", "vae_gan", "slow", *words, "--rates", "discriminator:1e-5"))
    plain, slow = (load_model(place / name).nets.state_dict() for name in ("plain", "slow"))
    differing = {name.split(".")[0] for name in plain if not torch.equal(plain[name], slow[name])}
    assert differing == {"discriminator"}


def test_a_training_writes_nothing_outside_its_directory(
    likeness: Likeness, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "there").mkdir()
    (place / "mine.yaml").write_text("training: {lr: 0.001}\n")
    before = set(place.rglob("*"))
    monkeypatch.chdir(place / "there")
    words = ["--preset", "../mine.yaml", "--borrow", "discriminator", "../gan"]
    done(likeness("train", "vae_dis_l", "../made", *DIGITS, *words))
    made = set(place.rglob("*")) - before
    assert {path.relative_to(place).parts[0] for path in made} == {"made"}
