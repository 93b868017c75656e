"""What a Python program does with runs."""

from pathlib import Path

import pytest
import torch

import likeness
from likeness.errors import UserError
from likeness.runs.loading import load_metric, load_model
from likeness.training.progress import Progress


def test_settings_given_to_train_are_left_as_they_are(images: Path, tmp_path: Path) -> None:
    net = {"name": "mlp", "hidden": 8}
    likeness.train("ae", tmp_path / "run", data=str(images), net=net, batch=4, steps=1)
    assert net == {"name": "mlp", "hidden": 8}


def test_what_train_gives_is_the_model_of_the_run_and_each_step_is_told(
    images: Path, tmp_path: Path
) -> None:
    seen: list[Progress] = []
    net = {"name": "mlp", "hidden": 8}
    model = likeness.train(
        "ae", tmp_path / "run", watcher=seen.append, data=str(images), net=net, batch=4, steps=3
    )
    assert torch.equal(model.sample(3), load_model(tmp_path / "run").sample(3))
    assert [(p.step, p.total, p.images) for p in seen] == [(1, 3, 4), (2, 3, 4), (3, 3, 4)]
    assert seen[-1].line is not None and seen[-1].line["step"] == 3 and seen[0].line is None


def test_a_metric_is_taken_with_the_layers_and_lengths_that_are_asked_for(judged: Path) -> None:
    x = torch.rand(4, 1, 6, 5) * 2 - 1
    found = likeness.metric(judged, layers={"hidden1": 2.0}, unit=False)
    assert torch.equal(found(x, x.flip(0)), load_metric(judged, "hidden1:2", False)(x, x.flip(0)))
    assert not torch.equal(found(x, x.flip(0)), likeness.metric(judged)(x, x.flip(0)))


def test_a_metric_is_a_loss_with_a_reduction(judged: Path) -> None:
    metric, loss = likeness.metric(judged), likeness.metric(judged, reduction="mean")
    assert isinstance(loss, likeness.PerceptualMetric) and isinstance(loss, torch.nn.Module)
    x = torch.rand(4, 1, 6, 5) * 2 - 1
    assert torch.equal(loss(x, x.flip(0)), metric(x, x.flip(0)).mean()) and loss(x, x).shape == ()


def test_a_wrong_setting_is_refused_before_anything_is_written(images: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no setting 'leraning_rate'; "):
        likeness.train("ae", tmp_path / "run", data=str(images), leraning_rate=1)
    assert not list(tmp_path.iterdir())
