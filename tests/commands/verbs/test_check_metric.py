"""`likeness check-metric`: the report on a metric, as a user has it."""

import json
from pathlib import Path

import pytest

from likeness.similarity.distortions import DISTORTIONS
from support.commands import Likeness, done, refused


def test_a_metric_is_compared_with_its_controls(likeness: Likeness, kept: Path, tmp_path: Path) -> None:
    words = ["check-metric", kept, "--max-images", 24, "--metric", kept, "--out", tmp_path / "out"]
    said = done(likeness(*words))
    found = json.loads((tmp_path / "out" / "check.json").read_text())
    assert found["images"] == 24
    assert found["answers"]["grows with noise"]["pixel MSE"]["mean"] == pytest.approx(1, abs=0.02)
    assert found["answers"]["ranks pairs as another run does"][str(kept)]["mean"] == pytest.approx(1)
    assert set(found["answers"]["same class among 5 nearest"]) == {
        "learned", "untrained network", "untaught network", "whitened pixels", "levels",
        "pixel MSE", "L1", "MSE blurred 5%", "MSE blurred 10%",
    }  # fmt: skip
    kinds = [(line["weights"], line["step"]) for line in found["drift"]]
    assert kinds == [("as trained", 2), ("as trained", 4), ("averaged", 2), ("averaged", 4)]
    assert [found["drift"][k]["rank_correlation"] for k in (1, 3)] == pytest.approx([1, 1])
    assert found["drift"][0]["distances"].keys() == {"another image", *DISTORTIONS}
    assert any(line.startswith("From step 2 to 4 pairs keep their ranks") for line in found["says"])
    page = (tmp_path / "out" / "check.html").read_text()
    assert page.count("<svg") == 2 and page.count("<polyline") == 2 + 10
    assert page.count("data:image/png") == 9 and "http" not in page.replace("http-equiv", "")
    assert "grows with blur" in page and "right choices" in said.out
    assert said.out.splitlines()[0] == found["says"][0]


def test_too_few_images_are_refused_in_one_line(likeness: Likeness, kept: Path) -> None:
    line = refused(likeness("check-metric", kept, "--max-images", 5))
    assert "5 test images are too few; give 20 or more" in line
