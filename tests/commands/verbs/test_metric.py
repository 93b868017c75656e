"""`likeness metric`: a run's learned metric kept alone, which loads without the run."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

import likeness as package
from likeness.errors import LikenessError, RunError, UserError
from support.commands import TINY, Likeness, done, refused


def test_a_metric_kept_alone_is_the_same_without_the_run(likeness: Likeness, place: Path) -> None:
    done(likeness("metric", "run", "--out", "alone", "--layers", "hidden1:0.5,hidden2"))
    assert sorted(p.name for p in (place / "alone").iterdir()) == ["metric.json", "metric.safetensors"]
    whole = package.metric("run", layers={"hidden1": 0.5, "hidden2": 1.0})
    (place / "run").unlink()
    alone = package.metric("alone")
    a, b = alone.images(["5.npy"]), alone.images(["6.npy"])
    assert torch.equal(alone(a, b), whole(a, b)) and float(alone(a, b)) > 0
    arrays = np.stack([np.load("5.npy"), np.load("6.npy")])
    assert torch.equal(alone.scale(arrays), torch.cat([a, b]))
    assert "is there already" in refused(likeness("metric", "alone", "--out", "alone"))


def test_a_metric_is_a_loss_in_two_lines(place: Path) -> None:
    metric = package.metric("run")
    x = metric.images(["5.npy"])
    made = torch.zeros_like(x, requires_grad=True)
    loss = metric(made, x).mean()
    loss.backward()
    assert made.grad is not None and float(made.grad.abs().sum()) > 0


def test_a_metric_is_of_averaged_weights_or_of_those_without(
    likeness: Likeness, kept: Path, gan: Path, tmp_path: Path
) -> None:
    metrics = {kind: package.metric(kept, average=kind) for kind in (None, True, False)}
    x = torch.rand(4, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    far = {kind: metric(x, x.flip(0)) for kind, metric in metrics.items()}
    assert torch.equal(far[None], far[True]) and not torch.equal(far[True], far[False])
    done(likeness("metric", kept, "--out", tmp_path / "m", "--no-average"))
    assert torch.equal(package.metric(tmp_path / "m")(x, x.flip(0)), far[False])
    with pytest.raises(UserError, match=r"keeps no averaged weights; train with --ema"):
        package.metric(gan, average=True)
    with pytest.raises(UserError, match="is a metric kept alone"):
        package.metric(tmp_path / "m", average=True)


def test_a_run_without_a_discriminator_has_no_metric(likeness: Likeness, place: Path) -> None:
    done(likeness("train", "ae", "plain", "--data", "cells.npz", *TINY))
    with pytest.raises(UserError, match="has no discriminator; train a method that has, such as vae_gan"):
        package.metric("plain")


def test_a_place_to_keep_it_is_asked_for(likeness: Likeness, place: Path) -> None:
    line = refused(likeness("metric", "run"))
    assert "--out is missing; see `likeness metric --help`" in line


def test_a_metric_of_a_run_with_conditions_is_kept_with_one(likeness: Likeness, marked: Path) -> None:
    x = package.load("gan").sample(6)
    mean, dark = package.metric("gan"), package.metric("gan", condition={"dark": 1, "striped": 0})
    for words, expected in (([], mean), (["--condition", "dark,striped:0"], dark)):
        done(likeness("metric", "gan", "--out", f"m{len(words)}", *words))
        kept = package.metric(f"m{len(words)}")
        assert torch.equal(kept(x, x.flip(0)), expected(x, x.flip(0)))
        assert torch.equal(kept(x, x.flip(0)), kept(x.flip(0), x)) and not kept(x, x).any()
    assert not torch.equal(mean(x, x.flip(0)), dark(x, x.flip(0)))
    line = refused(likeness("metric", "gan", "--out", "n", "--condition", "dark"))
    assert "striped is not said; give --condition dark:1,striped:1" in line


TAMPERED = [
    ("shape", [], RunError, "alone holds no metric that can be read .*'channels'"),
    ("shape", [3, 6], RunError, r"weight is \(16, 90\) torch.float32, not \(16, 18\)"),
    ("condition", [1.0], RunError, "alone holds no metric that can be read .*1 numbers, not 0"),
    ("net", {"name": "os"}, UserError, "'os' is not among the nets; choose one of"),
    ("layers", 3, RunError, "alone holds no metric that can be read .*no attribute 'items'"),
    ("scaling", {}, UserError, "the scaling is not readable; restore it from a backup"),
    ("shape", [1, 6, 5], RunError, r"weight is \(16, 90\) torch.float32, not \(16, 30\)"),
]


@pytest.mark.parametrize(("key", "value", "kind", "message"), TAMPERED)
def test_a_metric_that_was_tampered_with_is_refused(
    key: str, value: object, kind: type[LikenessError], message: str, likeness: Likeness, place: Path
) -> None:
    done(likeness("metric", "run", "--out", "alone"))
    document = json.loads((place / "alone" / "metric.json").read_text())
    (place / "alone" / "metric.json").write_text(json.dumps(document | {key: value}))
    with pytest.raises(kind, match=message):
        package.metric("alone")


def test_a_metric_whose_weights_are_damaged_is_refused(likeness: Likeness, place: Path) -> None:
    done(likeness("metric", "run", "--out", "alone"))
    (place / "alone" / "metric.safetensors").write_bytes(b"no weights")
    with pytest.raises(RunError, match="holds no metric that can be read"):
        package.metric("alone")
