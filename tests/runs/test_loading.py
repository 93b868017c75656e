"""Models and metrics out of runs: which weights, and of which step."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load as tensors

import likeness
from likeness.errors import RunError, UserError
from support.small_runs import newest, trained


def test_a_checkpoint_is_loaded_by_its_path(run: Path) -> None:
    first, last = (likeness.load(run / "checkpoints" / f"step-0000000{k}") for k in (2, 4))
    assert (first.step, last.step, likeness.load(run).step) == (2, 4, 4)
    assert not torch.equal(first.sample(2), last.sample(2))
    assert torch.equal(likeness.load(run).sample(2), last.sample(2))


@pytest.mark.parametrize("place", ["", "none", "checkpoints"])
def test_a_directory_that_is_no_run_is_refused(run: Path, tmp_path: Path, place: str) -> None:
    target = tmp_path if not place else run / place
    with pytest.raises(UserError, match=r"is not a run: it has no config\.yaml"):
        likeness.load(target)


def test_a_checkpoint_that_is_not_there_is_named(run: Path) -> None:
    with pytest.raises(RunError, match="step-00000009"):
        likeness.load(run / "checkpoints" / "step-00000009")


def test_averaged_weights_are_the_ones_loaded(images: Path, tmp_path: Path) -> None:
    trained(tmp_path / "run", images, ema=0.9, lr=0.01)
    files = newest(tmp_path / "run").files
    loaded = likeness.load(tmp_path / "run").nets.state_dict()
    average, last = (tensors(files[f"{name}.safetensors"]) for name in ("average", "weights"))
    assert all(torch.equal(loaded[k], v) for k, v in average.items())
    assert any(not torch.equal(loaded[k], v) for k, v in last.items())


def test_without_an_average_the_last_weights_are_loaded(run: Path) -> None:
    last = tensors(newest(run).files["weights.safetensors"])
    assert all(torch.equal(likeness.load(run).nets.state_dict()[k], v) for k, v in last.items())
