"""The classifier of a run's data is made once, of those whose label is known, and shared by runs."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
import torch

from likeness.data.augmentation import UNCHANGED, Augmentation
from likeness.data.dataset import load
from likeness.data.training_data import TrainingData
from likeness.errors import LikenessWarning, RunError, UserError
from likeness.predictors import classifier
from support.marked import write_marked
from support.small_runs import configured, pixels


def test_of_two_that_ask_for_it_at_once_one_trains_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier, "STEPS", 40)
    made: list[object] = []
    really = classifier._train

    def counted(dataset: Any, flips: Augmentation) -> Any:
        made.append(flips)
        return really(dataset, flips)

    monkeypatch.setattr(classifier, "_train", counted)
    data, found = own("digits"), list[classifier.Classifier]()

    def ask() -> None:
        found.append(classifier.classifier(data, tmp_path))

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [UNCHANGED] and len(found) == 2
    assert len(list(tmp_path.glob("classifier-*"))) == 1


def own(data: Path | str, *words: str, **settings: Any) -> TrainingData:
    """The data of a training."""
    config = configured(data, *words, **settings)
    return TrainingData(config.data, config.training.seed)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Classifiers of two steps."""
    monkeypatch.setattr(classifier, "STEPS", 2)


def labelled(file: Path, n: int, known: int) -> Path:
    """A file of so many images, of which some have a label, 0 or 1."""
    labels = np.where(np.arange(n) < known, np.arange(n) % 2, -1)
    np.savez(file, images=pixels(n, 6, 5, 1), labels=labels)
    return file


def about(folder: Path) -> dict[str, Any]:
    """What is said of the one classifier in a folder."""
    (found,) = folder.glob("classifier-*")
    return json.loads((found / "classifier.json").read_text())


def test_runs_on_the_same_data_share_one_whatever_else_they_do(tmp_path: Path, short: None) -> None:
    here, there = (labelled(tmp_path / f"{name}.npz", 40, 40) for name in ("here", "there"))
    every = [
        own(here), own(there, "vae", steps=9), own(here, labels=10, shift=1, crop=0.5),
    ]  # fmt: skip
    found = [classifier.classifier(data, tmp_path) for data in every]
    assert about(tmp_path)["images"] == 32, "of all labels, those for training"
    x = torch.rand(3, 1, 6, 5)
    assert all(torch.equal(net(x), found[0](x)) for net in found[1:])
    classifier.classifier(own(here, seed=1), tmp_path)
    classifier.classifier(own(labelled(tmp_path / "other.npz", 41, 41)), tmp_path)
    assert len(list(tmp_path.glob("classifier-*"))) == 3, "of another split, and of other contents"


def test_it_is_there_though_the_data_are_gone_and_another_one_is_made_of_data_that_changed(
    tmp_path: Path, short: None
) -> None:
    file = labelled(tmp_path / "all.npz", 40, 40)
    data = own(file)
    record = load(data.settings, 0).record
    data = replace(data, record=lambda: record)
    x, first = torch.rand(3, 1, 6, 5), classifier.classifier(data, tmp_path)
    stored = np.load(file)["images"]
    file.unlink()
    assert torch.equal(classifier.classifier(data, tmp_path)(x), first(x))
    (kept,) = tmp_path.glob("classifier-*")
    shutil.rmtree(kept)
    np.savez(file, images=stored[2:], labels=np.arange(40)[2:] % 2)
    with pytest.warns(LikenessWarning, match="2 images of the run are gone"):
        classifier.classifier(data, tmp_path)
    gone = int((record.splits[:2] == "train").sum())
    assert about(tmp_path)["images"] == 32 - gone
    assert next(tmp_path.glob("classifier-*")) != kept, "runs that had all images are not to find it"


def test_only_images_whose_label_is_known_teach_it(tmp_path: Path, short: None) -> None:
    data = own(labelled(tmp_path / "some.npz", 80, 40))
    classifier.classifier(data, tmp_path)
    train = load(data.settings, 0).train
    assert about(tmp_path)["images"] == int((train.labels >= 0).sum()) < len(train)
    assert (about(tmp_path)["of"], about(tmp_path)["outputs"]) == ("labels", 2)


def test_attributes_teach_it_where_there_are_no_labels(tmp_path: Path, short: None) -> None:
    write_marked(tmp_path)
    net = classifier.classifier(own(tmp_path / "marked.npz"), tmp_path)
    assert (about(tmp_path)["of"], about(tmp_path)["outputs"]) == ("attributes", 2)
    assert net(torch.zeros(3, 1, 8, 8)).shape == (3, 2) and not net.training


@pytest.mark.parametrize("known", [0, 12])
def test_too_few_labels_teach_nothing_and_nothing_is_kept(tmp_path: Path, known: int) -> None:
    data = labelled(tmp_path / "few.npz", 60, known)
    with pytest.raises(UserError, match=r"^\d+ training images have labels or attributes, too few"):
        classifier.classifier(own(data), tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith("classifier-")]


def test_one_that_was_damaged_is_to_be_removed(tmp_path: Path, short: None) -> None:
    data = own(labelled(tmp_path / "all.npz", 40, 40))
    classifier.classifier(data, tmp_path)
    (weights,) = tmp_path.glob("classifier-*/classifier.safetensors")
    weights.write_bytes(weights.read_bytes()[:-8])
    with pytest.raises(RunError, match=r"holds no classifier that can be read \(.*\); remove it"):
        classifier.classifier(data, tmp_path)
