"""`likeness teach-metric`: a metric taught on a run's data and kept with it, or on data alone."""

import json
from pathlib import Path

import numpy as np
import pytest

import likeness as package
from likeness.errors import UserError
from support.commands import TINY, Likeness, done, refused
from support.teaching import stripes

SHORT = ["--steps", "2"]


@pytest.fixture
def striped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a data set of stripes, in which commands run."""
    monkeypatch.chdir(tmp_path)
    images, labels = stripes(260)
    np.savez(tmp_path / "stripes.npz", images=images, labels=labels)
    return tmp_path


def test_a_run_keeps_its_taught_metric_and_uses_it(likeness: Likeness, striped: Path) -> None:
    done(likeness("train", "vae_gan", "run", "--data", "stripes.npz", *TINY))
    before = package.metric("run")
    said = done(likeness("teach-metric", "run", *SHORT))
    assert "mirror images" in said.out and "next  likeness check-metric run" in said.out
    assert sorted(p.name for p in Path("run/taught").iterdir()) == ["taught.json", "taught.safetensors"]
    x = before.scale(stripes(6)[0])
    taught = package.metric("run")
    assert (taught(x, x.flip(0)) != before(x, x.flip(0))).any()
    assert package.metric("run", layers="hidden1")(x, x.flip(0)).shape == (6,), "the discriminator's own"
    done(likeness("metric", "run", "--out", "alone"))
    assert (package.metric("alone")(x, x.flip(0)) == taught(x, x.flip(0))).all()
    with pytest.raises(UserError, match="alone is a taught metric, which has no choice of layers"):
        package.metric("alone", layers="hidden1")
    said = done(likeness("check-metric", "run", "--max-images", 24))
    assert said.out.splitlines()[0].startswith(("To be trusted", "Not to be", "No better", "Undecided"))
    found = json.loads(Path("run/check.json").read_text())
    assert "untaught network" in found["answers"]["right choices"] and found["drift"] == []
    done(likeness("teach-metric", "run", *SHORT, "--seed", 1, "--from-scratch"))
    assert json.loads(Path("run/taught/taught.json").read_text())["about"]["from"] == "scratch"


def test_a_run_without_a_discriminator_is_taught_one_from_scratch(
    likeness: Likeness, striped: Path
) -> None:
    done(likeness("train", "ae", "plain", "--data", "stripes.npz", *TINY))
    done(likeness("teach-metric", "plain", *SHORT))
    assert package.metric("plain").shape == (1, 16, 16)


def test_data_alone_are_taught_a_metric(likeness: Likeness, striped: Path) -> None:
    done(likeness("teach-metric", "--data", "stripes.npz", "--out", "m", *SHORT, "--size", 8))
    assert package.metric("m").shape == (1, 8, 8)
    line = refused(likeness("teach-metric", "--data", "stripes.npz", "--out", "m", *SHORT))
    assert "m is there already; choose another folder" in line


def test_what_cannot_be_taught_is_one_line(likeness: Likeness, striped: Path) -> None:
    assert "write RUN, or --data DATA --out DIR" in refused(likeness("teach-metric"))
    assert "write RUN, or --data DATA --out DIR" in refused(likeness("teach-metric", "--data", "x.npz"))
    np.savez("few.npz", images=stripes(40)[0])
    line = refused(likeness("teach-metric", "--data", "few.npz", "--out", "m"))
    assert "training images are too few to teach a metric; give 100 or more" in line
    assert not Path("m").exists()
    assert "write 64, or 48x64 for height x width" in refused(
        likeness("teach-metric", "--data", "few.npz", "--out", "m", "--size", "x")
    )
