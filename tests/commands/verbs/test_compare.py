"""`likeness compare`: methods trained alike, measured alike, and not trained again."""

import csv
import os
import signal
from pathlib import Path

import pytest

from likeness import intervals
from likeness.__main__ import main
from likeness.commands.verbs.compare import length_of
from likeness.predictors import classifier
from likeness.runs.run import Run
from likeness.training.progress import Progress
from support.commands import Likeness, done, refused

SMALL = ["--net", "mlp", "--batch", "8", "--latent", "3"]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Classifiers of a few steps, intervals of a few draws."""
    monkeypatch.setattr(classifier, "STEPS", 40)
    monkeypatch.setattr(intervals, "ROW_RESAMPLES", 5)
    monkeypatch.setattr(intervals, "BOOTSTRAP_RESAMPLES", 50)
    monkeypatch.setattr("likeness.metrics._sets.SUBSAMPLES", 4)


def weights(folder: Path) -> dict[Path, int]:
    """When each file of weights in a folder was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.safetensors")}


@pytest.mark.usefixtures("short")
def test_methods_are_trained_alike_measured_and_reported_and_not_trained_again(
    likeness: Likeness, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    always = ["compare", "--data", "digits", "--out", out, *SMALL, "--methods", "vae"]
    words = [*always, "vae_dis_l", "--budget", "2steps", "--max-images", "60"]
    said = done(likeness(*words))
    rows = list(csv.DictReader((out / "compare.csv").open()))
    assert {row["method"] for row in rows} == {"gan", "vae", "vae_dis_l"}
    errors = {row["method"]: float(row["mean"]) for row in rows if row["number"] == "pixel_mse"}
    assert errors.keys() == {"vae", "vae_dis_l"} and min(errors.values()) > 0
    page = (out / "compare.html").read_text()
    assert page.count("data:image/png") == 2 and "seconds of training" in page
    assert f"{min(errors, key=lambda m: errors[m])} reconstructs nearest in pixels" in said.out
    before = weights(out)
    done(likeness(*words))
    assert len(before) > 3 and weights(out) == before
    done(likeness(*always, "--budget", "3steps", "--max-images", "60"))
    assert (out / "vae-0" / "checkpoints" / "step-00000003").exists()


@pytest.mark.usefixtures("short")
def test_a_comparison_that_was_stopped_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["compare", "--data", "digits", "--out", str(tmp_path), "--methods", "ae", "vae", *SMALL]
    words += ["--budget", "4steps", "--max-images", "150"]
    seen: list[int] = []

    def stopping(self: object, progress: Progress) -> None:
        seen.append(progress.step)
        if len(seen) == 6:  # the second step of the second method
            os.kill(os.getpid(), signal.SIGTERM)

    with monkeypatch.context() as patch:
        patch.setattr("likeness.commands._progress.Progress.show", stopping)
        assert main(words) == 128 + signal.SIGTERM
    assert (tmp_path / "ae-0" / "report.html").exists() and not (tmp_path / "compare.html").exists()
    first = weights(tmp_path / "ae-0")
    assert [p.name for p in (tmp_path / "vae-0" / "checkpoints").iterdir()] == ["step-00000002"]
    assert main(words) == 0
    assert first and weights(tmp_path / "ae-0") == first
    steps = [line["step"] for line in Run(tmp_path / "vae-0").metrics()]
    assert steps[-1] == 4 and (tmp_path / "compare.html").exists()
    assert len(list(tmp_path.glob("classifier-*"))) == 1, "one judge for all runs on the same data"


def test_a_budget_is_steps_or_minutes() -> None:
    assert length_of("2000steps") == {"steps": 2000} and length_of("1.5min") == {"minutes": 1.5}
    for wrong in ("0steps", "-1min", "10", "steps", "1e3steps", ""):
        with pytest.raises(ValueError, match="write 2000steps or 10min"):
            length_of(wrong)


REFUSED = [
    (["--methods", "vea"], "'vea' is not among the objectives; did you mean vae"),
    (["--seeds", "0"], "--seeds is '0'; input should be greater than or equal to 1"),
    (["--max-images", "5"], "--max-images is '5'; input should be greater than or equal to 20"),
    (["--budget", "0min"], "--budget is '0min'; write 2000steps or 10min"),
    (["--methods"], "--methods is []; value should have at least 1 item"),
    (["--width", "0.5"], "objective.likelihood is 'normal', which has no setting 'width'; "),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_compared_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, tmp_path: Path
) -> None:
    said = likeness("compare", "--data", "digits", "--out", tmp_path, *SMALL, "--budget", "2steps", *words)
    assert message in refused(said)
    assert not list(tmp_path.rglob("*.safetensors"))
