"""What a training writes down: lines of numbers that are JSON, and pictures of the same images."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from likeness.runs.recorder import MAX_UNREAD_STEPS, Recorder
from likeness.runs.run import create
from likeness.runs.train import TrainingRun
from support.small_runs import configured, trained


def strictly(text: str) -> dict[str, Any]:
    """JSON as its standard has it, without NaN."""

    def refuse(word: str) -> object:
        raise ValueError(word)

    return json.loads(text, parse_constant=refuse)


def test_every_line_of_metrics_is_json_with_step_and_losses(images: Path, tmp_path: Path) -> None:
    trained(tmp_path / "run", images, "vae", log_every=2, pictures_every=4)
    lines = [strictly(t) for t in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [2, 4, 4]
    assert {"prior", "llike", "pixels", "grad_autoencoder", "seconds"} <= lines[0].keys()
    assert {"validation_loss_autoencoder", "validation_prior"} <= lines[2].keys()


def test_metrics_stay_json_when_a_gradient_is_not_finite(images: Path, tmp_path: Path, steep: None) -> None:
    trained(tmp_path / "run", images, log_every=1)
    for text in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines():
        strictly(text)
    assert "nan" not in (tmp_path / "run" / "report.html").read_text()


def test_pictures_are_png_of_the_right_size(images: Path, tmp_path: Path) -> None:
    """Images of 6x5 pixels are enlarged elevenfold; 2 pixels are between them."""
    trained(tmp_path / "run", images, validation=0.5, pictures_every=2)
    found = {p.name: Image.open(p) for p in (tmp_path / "run" / "pictures").iterdir()}
    names = [f"{kind}-0000000{k}.png" for kind in ("reconstructions", "samples") for k in (2, 4)]
    assert sorted(found) == names
    for name, picture in found.items():
        picture.load()
        rows = 8 if name.startswith("samples") else 4
        assert picture.size == (8 * (55 + 2) + 2, rows * (66 + 2) + 2)


def test_the_pictures_of_one_step_are_of_the_same_images_and_codes(images: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        trained(tmp_path / name, images)
    files = [tmp_path / name / "pictures" / "samples-00000004.png" for name in ("a", "b")]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("method", ["ae", "vae_gan"])
def test_a_run_without_validation_images_has_samples_only(
    images: Path, tmp_path: Path, method: str
) -> None:
    trained(tmp_path / "run", images, method, validation=0)
    assert [p.stem for p in (tmp_path / "run" / "pictures").iterdir()] == ["samples-00000004"]


@pytest.fixture
def recorder(images: Path, tmp_path: Path) -> Recorder:
    """Of a training that has not begun."""
    run = create(tmp_path / "run")
    return TrainingRun(run, configured(images, "vae", batch=2), lambda progress: None).recorder


def test_a_line_has_the_means_of_the_steps_since_the_last_one(recorder: Recorder) -> None:
    """Numbers and tensors alike, however many steps wait to be read."""
    for k in range(2 * MAX_UNREAD_STEPS + 7):
        recorder.add({"a": float(k), "b": torch.tensor(2.0 * k)})
    line = recorder.write(107, 1.23456, 45.678, {"peak_memory_mib": 9.0})
    assert line == {
        "step": 107, "seconds": 1.235, "images_per_second": 45.7, "peak_memory_mib": 9.0,
        "a": 53.0, "b": 106.0,
    }  # fmt: skip
    recorder.add({"a": 1.0})
    assert recorder.write(108, 0.0, 0.0, {})["a"] == 1.0
    assert [strictly(text)["step"] for text in recorder.run.metrics_file.read_text().splitlines()] == [
        107,
        108,
    ]


def test_what_is_not_finite_is_written_as_nothing(recorder: Recorder) -> None:
    recorder.add({"a": float("inf"), "b": torch.tensor(torch.nan), "c": 1.0})
    line = recorder.write(1, 0.0, 0.0, {})
    assert (line["a"], line["b"], line["c"]) == (None, None, 1.0)
    assert strictly(recorder.run.metrics_file.read_text()) == line


def test_to_look_at_validation_images_changes_nothing_and_is_the_same_again(recorder: Recorder) -> None:
    before = {name: value.clone() for name, value in recorder.state.nets.state_dict().items()}
    torch.manual_seed(3)
    drawn = torch.rand(1)
    torch.manual_seed(3)
    first, again = recorder.validate(1), recorder.validate(1)
    assert torch.equal(torch.rand(1), drawn)
    assert first == again and first["validation_pixels"] > 0
    after = recorder.state.nets.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())


def test_validation_losses_are_means_over_as_many_images_as_are_asked_for(recorder: Recorder) -> None:
    """Of four validation images in batches of two: the first two, or all."""
    config = recorder.config
    few = replace(config, log=replace(config.log, validate_images=2))
    none = replace(config, log=replace(config.log, validate_images=0))
    half = Recorder(recorder.run, few, recorder.dataset, recorder.state).validate(1)
    validation = recorder.dataset.validation
    last = replace(recorder.dataset, validation=validation.rows(np.array([2, 3])))
    other = Recorder(recorder.run, config, last, recorder.state).validate(1)
    whole = recorder.validate(1)
    name = "validation_pixels"  # without noise, which depends on the place of an image
    assert whole[name] == pytest.approx((half[name] + other[name]) / 2, rel=0.05)
    assert half[name] != other[name]
    assert Recorder(recorder.run, none, recorder.dataset, recorder.state).validate(1) == {}
