"""Codes of data sets, and the training data of models."""

from dataclasses import replace

import numpy as np
import torch

from likeness.batching import MAX_BATCH
from likeness.data.batches import in_order
from likeness.data.dataset import Dataset, Split
from likeness.errors import UserError
from likeness.models.autoencoder import Autoencoder
from likeness.shapes import Codes


def encode_all(model: Autoencoder, data: str) -> dict[str, np.ndarray]:
    """Codes (n, code_size), names, labels and splits of all images in `data`, prepared as for the training.

    Raises UserError if the images have another shape than the model's.
    """
    dataset = load_prepared(model, data)
    splits = [s for s in (dataset.train, dataset.validation, dataset.test) if len(s)]
    return {
        "codes": np.concatenate([encode_split(model, split).numpy() for split in splits]),
        "names": np.concatenate([np.array(split.names) for split in splits]),
        "labels": np.concatenate([split.labels for split in splits]),
        "splits": np.concatenate([np.full(len(split), split.name) for split in splits]),
    }


def encode_split(model: Autoencoder, split: Split) -> Codes:
    """Codes (n, code_size) of all images of a split, in order."""
    batches = in_order(split, model.scaling, MAX_BATCH)
    codes = [model.encode(batch.x, batch.condition, batch.labels).mean for batch in batches]
    return torch.cat(codes) if codes else torch.zeros(0, model.code_size)


def load_own_data(model: Autoencoder) -> Dataset:
    """The data on which a model was trained, in the same splits. Raises UserError if they are not found."""
    return model.training_data.load().with_conditions_of(model.conditions)


def load_prepared(model: Autoencoder, data: str) -> Dataset:
    """A data set prepared as for the training of a model, with all labels; the training data keep their
    splits. Raises UserError if images have another shape or type."""
    training_data = model.training_data
    settings = replace(training_data.settings, labels=None, without=())
    dataset = replace(training_data, settings=settings).load(data)
    if dataset.shape != model.shape or dataset.scaling.dtype != model.scaling.dtype:
        raise UserError(
            f"images in {data} are {tuple(dataset.shape)} {dataset.scaling.dtype}, this model was trained "
            f"on {tuple(model.shape)} {model.scaling.dtype} (channels, then sides); give such images"
        )
    return dataset.with_conditions_of(model.conditions)
