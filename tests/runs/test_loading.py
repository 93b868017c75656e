"""Models and metrics out of runs: which weights, and of which step."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load as tensors

import likeness
from likeness.errors import LikenessWarning, RunError, UserError
from likeness.runs import checkpoints
from likeness.runs.loading import load_metric, load_model
from support.damage import FILES, flip
from support.small_runs import Models, newest, trained


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
    with pytest.raises(UserError, match="step-00000009"):
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


def test_networks_of_another_size_are_refused(run: Path) -> None:
    text = (run / "config.yaml").read_text()
    (run / "config.yaml").write_text(text.replace("hidden: 8", "hidden: 9"))
    with pytest.raises(RunError, match=r"does not fit these networks: .*\(8.*not \(9.*config.yaml"):
        likeness.load(run)


def test_an_older_checkpoint_is_not_taken_without_a_word(run: Path) -> None:
    broken = run / "checkpoints" / "step-00000004" / "weights.safetensors"
    flip(broken)
    with pytest.warns(LikenessWarning, match=r"is damaged: .*; step 2 is taken instead$") as warned:
        assert likeness.load(run).step == 2
    assert str(warned[0].message).startswith(str(broken))


def test_averaged_weights_or_those_without_are_loaded_where_they_are_asked_for(averaged: Path) -> None:
    default, average, last = (load_model(averaged, kind).nets.state_dict() for kind in (None, True, False))
    assert all(torch.equal(default[k], average[k]) for k in default)
    assert any(not torch.equal(default[k], last[k]) for k in default)


def test_averaged_weights_that_were_not_kept_are_refused(run: Path) -> None:
    with pytest.raises(UserError, match=r"keeps no averaged weights; train with --ema 0\.999, or leave"):
        load_model(run, average=True)


def test_only_the_weights_that_are_wanted_are_read(averaged: Path) -> None:
    folder = averaged / "checkpoints"
    assert list(checkpoints.read(folder / "step-00000004", lambda names: ()).files) == []
    whole = checkpoints.newest(folder)[0]
    assert set(whole.names) == set(whole.files) == set(FILES) - {"state.json"}


def test_a_metric_has_the_layers_that_its_run_was_trained_with_or_those_named(models: Models) -> None:
    path = models(method="vae_gan", layers={"hidden1": 1.0, "hidden2": 0.5}).path
    assert load_metric(path).weights == {"hidden1": 1.0, "hidden2": 0.5}
    assert load_metric(path, "hidden2:3").weights == {"hidden2": 3.0}
    assert load_metric(path, {"hidden1": 2.0}).weights == {"hidden1": 2.0}
    with pytest.raises(UserError, match="no layer 'hidden3'; "):
        load_metric(path, "hidden3")


def test_a_metric_is_of_features_of_unit_length_unless_they_are_left_as_they_are(judged: Path) -> None:
    assert load_metric(judged).unit and not load_metric(judged, unit=False).unit


def test_a_metric_kept_alone_is_loaded_by_its_folder(judged: Path, tmp_path: Path) -> None:
    metric = load_metric(judged, unit=False)
    x = torch.rand(4, 1, 6, 5) * 2 - 1
    alone = load_metric(metric.save(tmp_path / "kept"))
    assert torch.equal(alone(x, x.flip(0)), metric(x, x.flip(0)))
    with pytest.raises(UserError, match="is a metric kept alone, as it was saved; name the run"):
        load_metric(tmp_path / "kept", average=True)


def test_a_run_without_a_discriminator_has_no_metric(run: Path) -> None:
    with pytest.raises(UserError, match="has no discriminator; train a method that has, such as vae_gan"):
        load_metric(run)


def test_changing_a_metric_changes_no_other_of_the_same_run(judged: Path) -> None:
    one, other = load_metric(judged), load_metric(judged)
    with torch.no_grad():
        next(one.parameters()).add_(1)
    x = torch.rand(4, 1, 6, 5) * 2 - 1
    assert not torch.equal(one(x, x.flip(0)), other(x, x.flip(0)))
    assert torch.equal(other(x, x.flip(0)), load_metric(judged)(x, x.flip(0)))
