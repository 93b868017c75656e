"""A method that nobody knows of, which encodes and has classes, is served by every verb and by the page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
from torch import nn

from likeness import registry
from likeness.__main__ import main
from likeness.batch import Batch
from likeness.codes import ClassAndStyle
from likeness.explorer import answers
from likeness.explorer.opened import Gallery
from likeness.explorer.sources import DataSource
from likeness.nets import Family, Players
from likeness.objectives import Moves, Objective, Phase, Step, autoencoder
from likeness.posteriors import Deterministic
from likeness.predictors import classifier
from likeness.settings import settings
from likeness.shapes import Shape
from support.commands import Likeness, done, refused


@settings
class Unheard(Objective):
    """Pixels alone, of codes of a class and a style."""

    name: ClassVar[str] = "unheard"
    posterior: ClassVar[Deterministic] = Deterministic()
    code: ClassAndStyle = ClassAndStyle(classes=3, latent=2)

    @property
    def moves(self) -> Moves:
        return {"both": ("encoder", "decoder")}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        return autoencoder(net, shape, self.code, self.posterior)

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        z = self.encode(nets, batch.x, batch.labels).mean
        L = batch.mean((nets["decoder"](z) - batch.x).square().flatten(1).sum(1))
        yield Phase({"both": L})
        return {"pixels": L}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a run of it, three images and the data that they are of."""
    known = dict(registry._REGISTERED["likeness.objectives"])
    registry.register(Unheard)
    folder = tmp_path_factory.mktemp("unheard")
    images = np.random.default_rng(0).integers(0, 255, (150, 12, 12, 1), np.uint8)
    np.savez(folder / "data.npz", images=images, labels=np.arange(150) % 3)
    for k in range(3):
        np.save(folder / f"{k}.npy", images[k])
    words = ["--data", str(folder / "data.npz"), "--net", "mlp", "--net.hidden", "8"]
    assert main(["train", "unheard", str(folder / "run"), *words, "--steps", "5", "--batch", "8"]) == 0
    assert main(["directions", str(folder / "run"), "--out", str(folder / "directions.npz")]) == 0
    yield folder
    registry._REGISTERED["likeness.objectives"] = known


SERVED = {
    "clusters": ["run", "--columns", "3"],
    "combine": ["run", "0.npy", "1.npy", "2.npy"],
    "decode": ["run", "codes.npz"],
    "directions": ["run"],
    "edit": ["run", "0.npy", "--add", "component-0:1"],
    "encode": ["run", "data.npz"],
    "evaluate": ["run"],
    "info": ["run"],
    "interpolate": ["run", "0.npy", "1.npy"],
    "manifold": ["run"],
    "neighbours": ["run", "0.npy"],
    "plane": ["run", "--axes", "components"],
    "project": ["run", "0.npy", "--steps", "2"],
    "reconstruct": ["run", "0.npy"],
    "transfer-style": ["run", "0.npy"],
    "runs": ["."],
    "sample": ["run", "-n", "4"],
    "score": ["run", "data.npz"],
    "teach-metric": ["--data", "data.npz", "--out", "taught", "--steps", "2"],
    "train": ["--resume", "run", "--steps", "6"],
    "traverse": ["run", "0.npy", "--components", "2"],
    "walk": ["run", "--stops", "2", "--frames", "2"],
}
WITHOUT = {
    "check-metric": ["run"],
    "distance": ["run", "0.npy", "1.npy"],
    "metric": ["run", "--out", "metric"],
}
"""What is asked of a discriminator, which it has not."""
ELSEWHERE = {"compare", "completion", "doctor", "explore", "reproduce"}
"""They train, are about no run, serve a page until they are ended, or are of published methods."""


def test_every_verb_is_asked() -> None:
    verbs = {name.replace("_", "-") for name in registry.names("likeness.commands.verbs")}
    assert verbs == {*SERVED, *WITHOUT, *ELSEWHERE}


@pytest.mark.parametrize("verb", SERVED)
def test_a_verb_serves_it(
    verb: str, likeness: Likeness, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(trained)
    np.savez("codes.npz", codes=np.zeros((2, 5), np.float32))
    done(likeness(verb, *SERVED[verb]))


@pytest.mark.parametrize("verb", WITHOUT)
def test_what_it_has_not_is_said_in_the_same_sentence(
    verb: str, likeness: Likeness, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(trained)
    said = refused(likeness(verb, *WITHOUT[verb]))
    assert said == "likeness: unheard has no discriminator; train a method that has, such as vae_gan\n"


def test_it_is_compared(likeness: Likeness, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(trained)
    monkeypatch.setattr(classifier, "STEPS", 2)
    words = ["--data", "data.npz", "--net", "mlp", "--budget", "2steps", "--batch", "8"]
    done(likeness("compare", *words, "--methods", "unheard", "--out", "compared"))


def test_the_page_serves_it(trained: Path) -> None:
    gallery = Gallery([str(trained / "run")])
    one: dict[str, Any] = answers.runs(gallery)["runs"][0]
    assert (one["method"], one["classes"], one["coding"], one["judging"]) == ("unheard", 3, True, False)
    source = DataSource(kind="data", run=0, index=0)
    assert answers.look(gallery, run=0, source=source)
    assert len(answers.restyle(gallery, run=0, source=source)["pictures"]) == 3
    assert answers.neighbours(gallery, run=0, source=source)
    assert answers.samples(gallery, run=0, n=2)
    assert torch.isfinite(gallery[0].data_sample().require_codes()).all()
