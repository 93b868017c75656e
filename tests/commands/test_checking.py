"""The report on a metric, as a user has it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

import likeness as package
from likeness.analysis.metric_check import Drift, Found
from likeness.analysis.metric_check_page import says
from likeness.errors import UserError
from likeness.intervals import Interval
from likeness.similarity.distortions import DISTORTIONS
from support.commands import Said

Likeness = Callable[..., Said]
SMALL = ["--net", "larsen", "--net.width", "0.06", "--steps", "4", "--batch", "8", "--latent", "3"]


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAE/GAN of digits with two checkpoints."""
    from likeness.__main__ import main

    path = tmp_path_factory.mktemp("digits") / "run"
    words = ["train", "vae_gan", str(path), "--data", "digits", *SMALL, "--checkpoint-every", "2"]
    words += ["--ema", "0.5"]
    assert main(words) == 0
    return path


def test_a_metric_is_compared_with_its_controls(likeness: Likeness, digits: Path, tmp_path: Path) -> None:
    words = ["check-metric", digits, "--images", 24, "--other", digits, "--out", tmp_path / "out"]
    said = likeness(*words)
    assert said.code == 0
    found = json.loads((tmp_path / "out" / "check.json").read_text())
    assert found["images"] == 24
    assert found["answers"]["grows with noise"]["pixel MSE"]["mean"] == pytest.approx(1, abs=0.02)
    assert found["answers"]["ranks pairs as another run does"][str(digits)]["mean"] == pytest.approx(1)
    assert set(found["answers"]["same class among 5 nearest"]) == {
        "learned", "untrained network", "pixel MSE", "L1"
    }  # fmt: skip
    kinds = [(line["weights"], line["step"]) for line in found["drift"]]
    assert kinds == [("as trained", 2), ("as trained", 4), ("averaged", 2), ("averaged", 4)]
    assert all(found["drift"][k]["rank_correlation"] == pytest.approx(1) for k in (1, 3))
    assert found["drift"][0]["distances"].keys() == {"another image", *DISTORTIONS}
    assert any(line.startswith("From step 2 to 4 pairs keep their ranks") for line in found["says"])
    page = (tmp_path / "out" / "check.html").read_text()
    assert page.count("<svg") == 2 and page.count("<polyline") == 2 + 7
    assert page.count("data:image/png") == 4 and "http" not in page.replace("http-equiv", "")
    assert "grows with blur" in said.out


def test_too_few_images_are_refused_in_one_line(likeness: Likeness, digits: Path) -> None:
    said = likeness("check-metric", digits, "--images", 5)
    assert said.code == 2 and "5 test images are too few; give 20 or more" in said.err
    assert said.err.count("\n") == 1


def test_a_metric_is_of_averaged_weights_or_of_those_without(
    likeness: Likeness, digits: Path, gan: Path, tmp_path: Path
) -> None:
    metrics = {kind: package.metric(digits, average=kind) for kind in (None, True, False)}
    x = torch.rand(4, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    far = {kind: metric(x, x.flip(0)) for kind, metric in metrics.items()}
    assert torch.equal(far[None], far[True]) and not torch.equal(far[True], far[False])
    assert likeness("metric", digits, "--out", tmp_path / "m", "--no-average").code == 0
    assert torch.equal(package.metric(tmp_path / "m")(x, x.flip(0)), far[False])
    with pytest.raises(UserError, match=r"keeps no averaged weights; train with --ema"):
        package.metric(gan, average=True)
    with pytest.raises(UserError, match="is a metric kept alone"):
        package.metric(tmp_path / "m", average=True)


def found(ranks: dict[str, float], **answers: tuple[float, float]) -> Found:
    """Answers of a learned metric and of pixels, and drift between two checkpoints."""
    both = {
        q.replace("_", " "): {
            name: Interval(v, v - 0.05, v + 0.05, 100) for name, v in zip(("learned", "L1"), two)
        }
        for q, two in answers.items()
    }
    drift = [Drift(kind, step, rank, {}) for kind, r in ranks.items() for step, rank in ((5, r), (9, 1.0))]
    return Found(both, {}, drift, 100)


def test_what_is_said_follows_from_the_numbers() -> None:
    lines = says(
        found({"as trained": 0.7}, prefers_a=(0.9, 0.5), prefers_b=(0.5, 0.9), grows_with_c=(0.5, 1))
    )
    assert "better than the best of the others (L1, 0.500" in lines[0]
    assert "worse than the best" in lines[1]
    assert lines[2] == "It does not grow steadily with c (0.50)."
    assert lines[3] == "From step 5 to 9 pairs keep their ranks by 0.700 with weights as trained."
    assert "average its weights (--ema 0.999)" in lines[4]
    both = says(found({"as trained": 0.7, "averaged": 0.96}, prefers_a=(0.9, 0.88), grows_with_c=(0.95, 1)))
    assert "about as the best" in both[0] and both[1] == "It grows with every distortion."
    assert not any("--ema" in line for line in both)
