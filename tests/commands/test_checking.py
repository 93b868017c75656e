"""The report on a metric, as a user has it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from commands.conftest import Said

Likeness = Callable[..., Said]
SMALL = ["--net", "larsen", "--net.width", "0.06", "--steps", "4", "--batch", "8", "--latent", "3"]


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAE/GAN of digits with two checkpoints."""
    from likeness.__main__ import main

    path = tmp_path_factory.mktemp("digits") / "run"
    words = ["train", "vae_gan", str(path), "--data", "digits", *SMALL, "--checkpoint-every", "2"]
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
    assert [line["step"] for line in found["drift"]] == [2, 4]
    assert found["drift"][1]["rank_correlation"] == pytest.approx(1)
    page = (tmp_path / "out" / "check.html").read_text()
    assert page.count("data:image/png") == 4 and "http" not in page.replace("http-equiv", "")
    assert "grows with blur" in said.out


def test_too_few_images_are_refused_in_one_line(likeness: Likeness, digits: Path) -> None:
    said = likeness("check-metric", digits, "--images", 5)
    assert said.code == 2 and "5 test images are too few; give 20 or more" in said.err
    assert said.err.count("\n") == 1
