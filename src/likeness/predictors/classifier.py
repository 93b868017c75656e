"""The classifier of a run's own data, trained where it is first asked for and kept beside the run, in
classifier-KEY.

KEY is a digest of the data and the way they are prepared, so that runs on the same data share it.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from likeness.config import Config
from likeness.data import fingerprints
from likeness.data.dataset import Dataset, Split, load
from likeness.errors import UserError
from likeness.files import atomic, bundle
from likeness.predictors.fitting import fresh, taught
from likeness.predictors.predictor import Classifier, Recognition
from likeness.shapes import UNLABELLED, Shape
from likeness.training.optimizers import Adam
from likeness.training.settings import TrainingSettings

NAME = "classifier"
STEPS, BATCH, RATE, FEWEST = 1000, 64, 1e-3, 20
"""How it learns, on the CPU in float32, so that its features are the same on every machine, but for
rounding; and labelled images that are too few to learn from."""


def classifier(config: Config, fingerprint: str, beside: Path) -> Classifier:
    """The classifier of the labels of a run's data, or of their attributes where they have no labels:
    the one `beside` the run, else one that is trained on the training images and kept there.

    Raises UserError if the data have neither, RunError if what is kept cannot be read.
    """
    folder = beside / f"{NAME}-{_key(config, fingerprint)}"
    if not folder.exists():
        _make(folder, config)
    return bundle.read(folder, NAME, _fitted, "remove it, it is made anew")


def _make(folder: Path, config: Config) -> None:
    with atomic.alone(folder):
        if not folder.exists():  # another may have made it meanwhile
            about, weights = _made(config)
            bundle.write(folder, NAME, about, weights)


def _key(config: Config, fingerprint: str) -> str:
    prepared = replace(config.data, data="", labels=None, in_memory_gib=1.0)
    how = repr(config.augmentation.flips_alone)
    parts = [fingerprint, repr(prepared), how, str(config.training.seed), f"{STEPS} steps, the best"]
    return fingerprints.of_parts(parts)[:12]


def _made(config: Config) -> tuple[dict[str, Any], bundle.Weights]:
    dataset = load(replace(config.data, labels=None), config.training.seed)
    told = dataset.train.labelled
    held = _known(dataset.validation) if told else dataset.validation
    dataset = replace(dataset, train=_taught(dataset.train), validation=held)
    learning = TrainingSettings(
        steps=STEPS, batch=min(BATCH, len(dataset.train)), lr=RATE, optimizer=Adam(beta1=0.9),
        device="cpu", precision="float32",
    )  # fmt: skip
    objective = Recognition(outputs=_outputs(dataset))
    found = taught(objective, dataset, config.augmentation.flips_alone, learning, lambda progress: None)
    about = {
        "shape": list(dataset.shape), "outputs": objective.outputs,
        "of": "labels" if told else "attributes", "images": len(dataset.train), "steps": found.steps,
        "validation_error": found.error,
    }  # fmt: skip
    return about, found.network.state_dict()


def _taught(train: Split) -> Split:
    """The images from which it learns. UserError if they are too few."""
    chosen = _known(train) if train.labelled or train.attributes is None else train
    if len(chosen) < FEWEST:
        raise UserError(
            f"{len(chosen)} training images have labels or attributes, too few for a classifier; name the "
            "labels' column with --label when training, or choose other --features"
        )
    return chosen


def _known(split: Split) -> Split:
    """The images whose label is known."""
    return split.rows(np.flatnonzero(split.labels != UNLABELLED))


def _outputs(dataset: Dataset) -> int:
    return int(dataset.train.labels.max()) + 1 if dataset.train.labelled else len(dataset.attribute_names)


def _fitted(about: dict[str, Any], weights: bundle.Weights) -> Classifier:
    objective = Recognition(outputs=int(about["outputs"]))
    net = fresh(objective, Shape(*map(int, about["shape"])))
    assert isinstance(net, Classifier)
    return bundle.fitted(net, weights)
