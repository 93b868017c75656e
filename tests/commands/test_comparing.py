"""Methods compared, as a user has it."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from likeness import intervals
from likeness.analysis.comparison import Trained
from likeness.analysis.comparison_page import advice
from likeness.commands.compare import budget
from likeness.errors import UserError
from likeness.intervals import Interval
from likeness.predictors import classifier
from likeness.runs.run import Run
from support.commands import Said

Likeness = Callable[..., Said]
SMALL = ["--net", "mlp", "--budget", "2steps", "--batch", "8", "--latent", "3"]


def test_methods_are_trained_alike_measured_and_reported_and_not_trained_again(
    likeness: Likeness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier, "STEPS", 50)
    monkeypatch.setattr(intervals, "FEWER", 5)
    out = tmp_path / "out"
    words = ["compare", "--data", "digits", "--out", out, "--methods", "vae", "vae_dis_l", *SMALL]
    said = likeness(*words)
    assert said.code == 0, said.err
    rows = list(csv.DictReader((out / "compare.csv").open()))
    assert {row["method"] for row in rows} == {"gan", "vae", "vae_dis_l"}
    errors = {row["method"]: float(row["mean"]) for row in rows if row["number"] == "pixel_mse"}
    assert errors.keys() == {"vae", "vae_dis_l"} and min(errors.values()) > 0
    page = (out / "compare.html").read_text()
    assert page.count("data:image/png") == 2 and "seconds of training" in page
    assert f"{min(errors, key=lambda m: errors[m])} reconstructs nearest in pixels" in said.out
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*.safetensors")}
    assert likeness(*words).code == 0
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*.safetensors")} == before
    longer = [word if word != "2steps" else "3steps" for word in words]
    assert likeness(*longer).code == 0
    assert (out / "vae-0" / "checkpoints" / "step-00000003").exists()


def trained(method: str, seed: int = 0, **numbers: tuple[float, float, float]) -> Trained:
    """One that was measured."""
    named = {name: Interval(*map(float, ends), 100) for name, ends in numbers.items()}
    return Trained(method, seed, Run(Path("nowhere")), named)


def test_the_best_is_clear_only_where_intervals_do_not_meet() -> None:
    near = [trained("vae", pixel_mse=(1.0, 0.9, 1.1)), trained("vae_gan", pixel_mse=(1.3, 1.05, 1.5))]
    assert advice(near) == [
        "vae reconstructs nearest in pixels (pixel_mse), though vae_gan may do as well."
    ]
    far = [trained("vae", pixel_mse=(1.0, 0.9, 1.1)), trained("vae_gan", pixel_mse=(1.3, 1.2, 1.5))]
    assert advice(far) == ["vae reconstructs nearest in pixels (pixel_mse), clearly."]


def test_the_best_is_so_over_all_its_seeds_and_more_may_be_better() -> None:
    found = [
        trained("vae", 0, ssim=(0.9, 0.88, 0.92)), trained("vae", 1, ssim=(0.5, 0.48, 0.52)),
        trained("ae", 0, ssim=(0.8, 0.79, 0.81)), trained("ae", 1, ssim=(0.82, 0.81, 0.83)),
    ]  # fmt: skip
    assert advice(found) == ["ae reconstructs most alike in structure (ssim), though vae may do as well."]
    assert advice(found[:2]) == []


@pytest.mark.parametrize(("edges", "said"), [(0.3, "blurs: 30%"), (3.0, "adds texture: 300%"), (1.2, None)])
def test_blur_and_texture_are_told(edges: float, said: str | None) -> None:
    one = trained("vae", edges_images=(1, 1, 1), edges_reconstructions=(edges, edges, edges))
    assert [said in line for line in advice([one]) if said] == ([True] if said else [])
    assert bool(advice([one])) == bool(said)


def test_a_budget_is_steps_or_minutes() -> None:
    assert budget("2000steps") == {"steps": 2000} and budget("1.5min") == {"minutes": 1.5}
    for wrong in ("0steps", "-1min", "10", "steps", "1e3steps", ""):
        with pytest.raises(UserError, match="write 2000steps or 10min"):
            budget(wrong)


REFUSED = [
    (["--methods", "vea"], "there is no method 'vea'; did you mean vae"),
    (["--seeds", "0"], "--seeds is 0; ask for one or more"),
    (["--most", "5"], "--most is 5; ask for 20 or more"),
    (["--budget", "0min"], "--budget is '0min'; write 2000steps or 10min"),
    (["--methods"], "--methods"),
    (["--width", "0.5"], "width"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_compared_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, tmp_path: Path
) -> None:
    said = likeness("compare", "--data", "digits", "--out", tmp_path, *SMALL, *words)
    assert said.code == 2 and message in said.err and said.err.count("\n") == 1
