"""The classifier of a run's own data, trained where it is first asked for and kept beside the run, in
classifier-KEY.

KEY is a digest of the data, their splits and the way they are prepared, so that runs on the same data share
it.
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
STEPS, BATCH, RATE, FEWEST = 1000, 64, 1e-3, 20
"""How it learns, on the CPU in float32, so that its features are the same on every machine, but for
rounding; and labelled images that are too few to learn from."""


def classifier(data: TrainingData, beside: Path, flips: Augmentation = UNCHANGED) -> Classifier:
    """The classifier of the labels of a run's data, or of their attributes where they have no labels:
    the one `beside` the run, else one that is trained on the training images, with their flips, and kept
    there.

    Raises UserError if the data have neither, RunError if what is kept cannot be read.
    """
    data = replace(data, settings=replace(data.settings, labels=None))
    kept = data.record and _folder(beside, data, data.record(), flips)
    if not (kept and kept.exists()):
        dataset = data.load()  # which may have changed since
        kept = _folder(beside, data, dataset.record, flips)
        _make(kept, dataset, flips)
    return bundle.read(kept, NAME, _fitted, "remove it, it is made anew")


def _make(folder: Path, dataset: Dataset, flips: Augmentation) -> None:
    with atomic.alone(folder):
        if not folder.exists():  # another may have made it meanwhile
            about, weights = _made(dataset, flips)
            bundle.write(folder, NAME, about, weights)


def _folder(beside: Path, data: TrainingData, record: SplitRecord, flips: Augmentation) -> Path:
    prepared = replace(data.settings, data="", in_memory_gib=1.0)
    key = fingerprints.of_parts([record.key, repr(prepared), repr(flips), f"{STEPS} steps, the best"])
    return beside / f"{NAME}-{key[:12]}"


def _made(dataset: Dataset, flips: Augmentation) -> tuple[dict[str, Any], bundle.Weights]:
    told = dataset.train.labelled
    held = _known(dataset.validation) if told else dataset.validation
    dataset = replace(dataset, train=_taught(dataset.train), validation=held)
    learning = TrainingSettings(
        steps=STEPS, batch=min(BATCH, len(dataset.train)), lr=RATE, optimizer=Adam(beta1=0.9),
        device="cpu", precision="float32",
    )  # fmt: skip
    objective = Classification(outputs=_outputs(dataset))
    found = fit_predictor(objective, dataset, flips, learning, lambda progress: None)
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
    objective = Classification(outputs=int(about["outputs"]))
    net = new_predictor(objective, Shape(*map(int, about["shape"])))
    assert isinstance(net, Classifier)
    return bundle.fitted(net, weights)
