"""The classifier of a run's own data, trained where it is first asked for and kept beside the run:

classifier-KEY/classifier.json          of what data, how often it is wrong on validation images
classifier-KEY/classifier.safetensors   its weights

KEY is a digest of the data and the way they are prepared, so that runs on the same data share it.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load as weights_of
from safetensors.torch import save as bytes_of

from likeness.config import Config
from likeness.data import fingerprints
from likeness.data.batches import Batches, in_order
from likeness.data.dataset import Dataset, Split, load
from likeness.errors import RunError, UserError
from likeness.runs import checkpoints, files
from likeness.runs.run import Run
from likeness.shapes import UNLABELLED, ImageShape
from likeness.training.classifying import STEPS, Classifier, fit, fresh, wrong

DOCUMENT, WEIGHTS = "classifier.json", "classifier.safetensors"
BATCH, FEWEST = 64, 20
"""Images of a step, and labelled ones that are too few to learn from."""


def of_run(run: Run) -> Classifier:
    """The classifier of the labels of a run's data, or of their attributes where they have no labels:
    the one beside the run, else one that is trained on the training images and kept there.

    Raises UserError if the data have neither, RunError if what is kept cannot be read.
    """
    config, data = run.config(), run.data()
    folder = run.path.parent / f"classifier-{_key(config, data)}"
    if not folder.exists():
        _make(folder, config)
    return _kept(folder)


def _key(config: Config, data: dict[str, Any]) -> str:
    prepared = replace(config.data, data="", labels=None, shift=0, in_memory_gib=1.0)
    parts = [data["fingerprint"], repr(prepared), str(config.training.seed), str(STEPS)]
    return fingerprints.of_parts(parts)[:12]


def _make(folder: Path, config: Config) -> None:
    dataset = load(replace(config.data, labels=None), config.training.seed)
    train = _taught(dataset.train)
    outputs = _outputs(dataset)
    batches = Batches(train, dataset.scaling, min(BATCH, len(train)), seed=0, flip=config.data.flip)
    net = fit(fresh(dataset.shape, outputs), batches)
    about = {
        "shape": list(dataset.shape), "outputs": outputs,
        "of": "labels" if train.labelled else "attributes", "images": len(train), "steps": STEPS,
        "validation_error": _error(net, dataset),
    }  # fmt: skip
    weights = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    contents = {DOCUMENT: json.dumps(about, indent=1).encode(), WEIGHTS: bytes_of(weights)}
    files.write_folder(folder, contents)


def _taught(train: Split) -> Split:
    """The images from which it learns. UserError if they are too few."""
    known = np.flatnonzero(train.labels != UNLABELLED)
    taught = train.rows(known) if len(known) or train.attributes is None else train
    if len(taught) < FEWEST:
        raise UserError(
            f"{len(taught)} training images have labels or attributes, too few for a classifier; name the "
            "labels' column with --label when training, or choose other --features"
        )
    return taught


def _outputs(dataset: Dataset) -> int:
    return int(dataset.train.labels.max()) + 1 if dataset.train.labelled else len(dataset.attribute_names)


@torch.no_grad()
def _error(net: Classifier, dataset: Dataset) -> float | None:
    """How often it is wrong on validation images, where there are any."""
    split: Split = dataset.validation
    if dataset.train.labelled:
        split = split.rows(np.flatnonzero(split.labels != UNLABELLED))
    found = [wrong(net(b.x), b) for b in in_order(split, dataset.scaling, BATCH)]
    return round(float(torch.cat(found).mean()), 4) if found else None


def _kept(folder: Path) -> Classifier:
    """What `_make` wrote. RunError if it cannot be read."""
    try:
        said = json.loads((folder / DOCUMENT).read_text())
        net = fresh(ImageShape(*map(int, said["shape"])), int(said["outputs"]))
        weights = weights_of((folder / WEIGHTS).read_bytes())
        fault = checkpoints.mismatch(net.state_dict(), weights)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        fault = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        raise RunError(f"{folder} holds no classifier ({fault}); remove it, it is made anew") from None
    if fault:
        raise RunError(f"{folder} holds another classifier ({fault}); remove it, it is made anew")
    net.load_state_dict(weights)
    return net.eval().requires_grad_(False)
