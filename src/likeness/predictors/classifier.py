"""The classifier of a run's data, trained at its first use and stored beside the run in classifier-KEY.

KEY is a digest of the data, their splits and their preparation, so that runs on the same data share a
classifier.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from likeness.data import fingerprints
from likeness.data.augmentation import UNCHANGED, Augmentation
from likeness.data.dataset import Dataset, Split
from likeness.data.split_record import SplitRecord
from likeness.data.training_data import TrainingData
from likeness.errors import UserError
from likeness.files import atomic, bundle
from likeness.predictors.fitting import fit_predictor, new_predictor
from likeness.predictors.predictor import Classification, Classifier
from likeness.shapes import UNLABELLED, Shape
from likeness.training.optimizers import Adam
from likeness.training.settings import TrainingSettings

NAME = "classifier"
STEPS, BATCH_SIZE, LEARNING_RATE = 1000, 64, 1e-3
"""Length, batches and learning rate of the training, which is on the CPU in float32, so that features are
the same on every machine up to rounding."""
MIN_IMAGES = 20
"""Least number of training images with labels or attributes."""


def classifier(data: TrainingData, beside: Path, flips: Augmentation = UNCHANGED) -> Classifier:
    """The classifier of the labels of a run's data, or of their attributes if they have no labels.

    It is read from the folder `beside` the run, or trained on the training images, with `flips`, and stored
    there. Raises UserError if there are no labels or attributes, RunError if the stored one cannot be read.
    """
    data = replace(data, settings=replace(data.settings, labels=None))
    folder = data.record and _folder(beside, data, data.record(), flips)
    if not (folder and folder.exists()):
        dataset = data.load()  # it may have changed since
        folder = _folder(beside, data, dataset.record, flips)
        _store(folder, dataset, flips)
    return bundle.read(folder, NAME, _build, "remove it to train it again")


def _store(folder: Path, dataset: Dataset, flips: Augmentation) -> None:
    """Train a classifier and store it in a folder, unless another process does so first."""
    with atomic.alone(folder):
        if not folder.exists():
            info, weights = _train(dataset, flips)
            bundle.write(folder, NAME, info, weights)


def _folder(beside: Path, data: TrainingData, record: SplitRecord, flips: Augmentation) -> Path:
    """The folder of the classifier of some data."""
    settings = replace(data.settings, data="", in_memory_gib=1.0)
    key = fingerprints.of_parts([record.key, repr(settings), repr(flips), f"{STEPS} steps, the best"])
    return beside / f"{NAME}-{key[:12]}"


def _train(dataset: Dataset, flips: Augmentation) -> tuple[dict[str, Any], bundle.Weights]:
    """Description and weights of a new classifier."""
    labelled = dataset.train.labelled
    validation = _labelled_images(dataset.validation) if labelled else dataset.validation
    dataset = replace(dataset, train=_training_images(dataset.train), validation=validation)
    training = TrainingSettings(
        steps=STEPS, batch=min(BATCH_SIZE, len(dataset.train)), lr=LEARNING_RATE, optimizer=Adam(beta1=0.9),
        device="cpu", precision="float32",
    )  # fmt: skip
    objective = Classification(outputs=_output_count(dataset))
    fitted = fit_predictor(objective, dataset, flips, training, lambda progress: None)
    info = {
        "shape": list(dataset.shape), "outputs": objective.outputs,
        "of": "labels" if labelled else "attributes", "images": len(dataset.train), "steps": fitted.steps,
        "validation_error": fitted.error,
    }  # fmt: skip
    return info, fitted.network.state_dict()


def _training_images(train: Split) -> Split:
    """The training images with labels, or with attributes. Raises UserError if there are too few."""
    usable = _labelled_images(train) if train.labelled or train.attributes is None else train
    if len(usable) < MIN_IMAGES:
        raise UserError(
            f"{len(usable)} training images have labels or attributes, too few for a classifier; name the "
            "labels' column with --label when training, or choose other --features"
        )
    return usable


def _labelled_images(split: Split) -> Split:
    """The images of a split that have labels."""
    return split.rows(np.flatnonzero(split.labels != UNLABELLED))


def _output_count(dataset: Dataset) -> int:
    """Number of classes, or of attributes if there are no labels."""
    return int(dataset.train.labels.max()) + 1 if dataset.train.labelled else len(dataset.attribute_names)


def _build(info: dict[str, Any], weights: bundle.Weights) -> Classifier:
    """A classifier from its description and weights."""
    objective = Classification(outputs=int(info["outputs"]))
    net = new_predictor(objective, Shape(*map(int, info["shape"])))
    assert isinstance(net, Classifier)
    return bundle.load_weights(net, weights)
