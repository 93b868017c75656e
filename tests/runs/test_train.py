"""A training as a run: it ends the same in one part or in several, and is refused where it would not."""

import re
from pathlib import Path
from typing import Any

import pytest
import torch

import likeness
from likeness.__main__ import main
from likeness.errors import LikenessWarning, RunError, UserError
from likeness.runs import start
from likeness.runs.run import Run
from support.small_runs import newest, steps, trained, weights


@pytest.mark.parametrize("method", ["ae", "vae_gan"])
def test_a_run_in_two_parts_ends_as_one(images: Path, tmp_path: Path, method: str) -> None:
    options = {"checkpoint_every": 3, "ema": 0.5, "flip": True, "shift": 1}
    trained(tmp_path / "whole", images, method, steps=6, **options)
    trained(tmp_path / "parts", images, method, steps=2, **options)
    trained(tmp_path / "parts", images, method, steps=6, resume=True, **options)
    for name in newest(tmp_path / "whole").files:
        assert weights(tmp_path / "whole", name) == weights(tmp_path / "parts", name)


AUGMENTED: dict[str, Any] = {
    "rotate": 20,
    "crop": 0.7,
    "jitter": "brightness:0.2,hue:0.1",
    "shift": 1,
    "flip": True,
}


def noisy(x: torch.Tensor) -> torch.Tensor:
    """An image with some of its values raised."""
    return x + (torch.rand(x.shape) < 0.5).to(x)


def inverted(x: torch.Tensor) -> torch.Tensor:
    """A negative."""
    return 255 - x


def test_a_run_of_augmented_images_in_two_parts_ends_as_one(images: Path, tmp_path: Path) -> None:
    options: dict[str, Any] = AUGMENTED | {"transform": noisy, "accumulate": 2}
    trained(tmp_path / "whole", images, steps=5, **options)
    torch.manual_seed(5)
    trained(tmp_path / "parts", images, steps=2, **options)
    trained(tmp_path / "parts", images, steps=5, resume=True, **options)
    assert weights(tmp_path / "whole") == weights(tmp_path / "parts")
    options["transform"] = None
    trained(tmp_path / "without", images, steps=5, **options)
    assert weights(tmp_path / "without") != weights(tmp_path / "whole")


def test_a_run_with_a_transform_is_resumed_from_python_alone_and_with_the_same(
    images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run"
    trained(path, images, transform=noisy)
    before = weights(path)
    assert f"transform: {__name__}.noisy" in (path / "config.yaml").read_text()
    assert main(["train", "--resume", str(path), "--steps", "6"]) == 2
    said = capsys.readouterr().err
    assert f"training was begun with transform={__name__}.noisy, a function" in said
    assert said.count("\n") == 1 and "resume it there" in said
    for other, shown in ((None, "None"), (inverted, f"{__name__}.inverted")):
        changed = re.escape(f"augmentation.transform: {__name__}.noisy -> {shown}")
        with pytest.raises(UserError, match=changed):
            trained(path, images, resume=True, transform=other)
    assert weights(path) == before
    trained(path, images, resume=True, transform=noisy, steps=6)
    assert steps(path)[-1] == 6


def test_a_run_with_a_transform_is_looked_at_without_it(images: Path, tmp_path: Path) -> None:
    path = tmp_path / "run"
    trained(path, images, "vae", transform=noisy)
    assert likeness.load(path).sample(2).shape[0] == 2
    assert main(["evaluate", str(path), "--split", "train"]) == 0
    assert Run(path).config().augmentation.transform == f"{__name__}.noisy"


@pytest.mark.parametrize("net", ["larsen", "resnet"])
def test_spectral_normalisation_resumes_exactly(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, net: str
) -> None:
    """The vectors of its power iteration are part of a checkpoint. The size of the networks is not looked
    at: to iterate without memory takes ten times as long as all the rest."""
    for check in ("check_size", "check_batch"):
        monkeypatch.setattr(start, check, lambda *given: None)
    small = {"larsen": {"width": 0.03}, "resnet": {"base": 2}}[net]
    for name, parts in (("whole", (4,)), ("parts", (2, 4))):
        for count in parts:
            nets = {"name": net, "spectral": True} | small
            trained(tmp_path / name, images, "vae_gan", resume=True, net=nets, steps=count, ema=0.5)
    assert weights(tmp_path / "whole") == weights(tmp_path / "parts")


def test_resuming_an_ended_run_says_so_changes_nothing_and_writes_the_report_again(
    run: Path, images: Path
) -> None:
    before = weights(run)
    lines = Run(run).metrics()
    (run / "report.html").unlink()
    said = "run is finished: all 4 steps are made; a larger --steps goes on"
    with pytest.warns(LikenessWarning, match=said):
        trained(run, images, checkpoint_every=2, resume=True)
    assert weights(run) == before and Run(run).metrics() == lines
    assert (run / "report.html").exists()


def test_a_training_whose_minutes_are_over_makes_no_step_more(images: Path, tmp_path: Path) -> None:
    options: dict[str, Any] = {"steps": None, "minutes": 1e-4}
    trained(tmp_path / "run", images, **options)
    before = weights(tmp_path / "run")
    with pytest.warns(LikenessWarning, match=r"its 0\.0001 minutes are over; more --minutes go on"):
        trained(tmp_path / "run", images, resume=True, **options)
    assert weights(tmp_path / "run") == before


def test_gradients_that_are_not_finite_are_counted_and_end_the_run_naming_the_last_checkpoint(
    images: Path, tmp_path: Path, steep: None
) -> None:
    path = tmp_path / "run"
    with pytest.raises(RunError, match=r"not finite 20 steps in a row.*checkpoint is .*step-00000015"):
        trained(path, images, steps=40, checkpoint_every=5)
    assert steps(path) == [5, 10, 15]
    assert newest(path).optimizers == {"autoencoder": {"skipped": 15, "in_a_row": 15}}


def test_a_loss_that_is_not_finite_names_images_and_the_last_good_checkpoint(
    images: Path, tmp_path: Path
) -> None:
    path = tmp_path / "run"
    with pytest.raises(RunError) as error:
        trained(path, images, steps=50, lr=1e18, checkpoint_every=1)
    said = str(error.value)
    (step,) = re.findall(r"loss of autoencoder is \S+ at step (\d+), on training images \d+, ", said)
    assert f"the last good checkpoint is {path}/checkpoints/step-{int(step):08d}" in said
    assert error.value.exit_code == 1
    assert steps(path)[-1] == int(step)
    assert all(torch.isfinite(v).all() for v in likeness.load(path).nets.state_dict().values())


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"lr": 0.01}, "training.lr: 0.0003 -> 0.01"),
        ({"latent": 4}, "objective.code.latent: 3 -> 4"),
        ({"net": {"name": "mlp", "hidden": 9}}, "net.hidden: 8 -> 9"),
        ({"method": "vae"}, "method: ae -> vae"),
        ({"validation": 0.2}, "data.validation: 0.1 -> 0.2"),
        ({"optimizer": "rmsprop"}, "training.optimizer.name: adam -> rmsprop"),
        ({"lr": 0.01, "seed": 3}, "training.lr: 0.0003 -> 0.01; training.seed: 0 -> 3"),
    ],
)
def test_resuming_with_other_settings_is_refused_listing_them(
    run: Path, images: Path, changed: dict[str, Any], said: str
) -> None:
    before = weights(run)
    settings: dict[str, Any] = {"checkpoint_every": 2, "steps": 6} | changed
    with pytest.raises(UserError, match=re.escape(said)) as error:
        trained(run, images, resume=True, **settings)
    assert error.value.exit_code == 2
    assert weights(run) == before
    assert "lr: 0.0003" in (run / "config.yaml").read_text()


def test_length_and_log_may_change_at_a_resume(run: Path, images: Path) -> None:
    trained(run, images, resume=True, steps=5, log_every=1, checkpoint_every=1, keep=1)
    assert steps(run) == [5]
    assert Run(run).config().log.keep == 1
    trained(run, images, resume=True, steps=None, epochs=0.75)
    assert steps(run)[-1] == 6


def test_resuming_where_nothing_is_begins_or_is_refused(
    images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--resume", str(tmp_path / "none")]) == 2
    assert "is not a run" in capsys.readouterr().err
    trained(tmp_path / "none", images, resume=True)
    assert steps(tmp_path / "none") == [4]
