"""Codes of whole data sets, and the data that a model was trained on."""

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
    """The code, name, label and split of every image in `data`, prepared as for the training.

    Raises UserError if the images have another shape than the model's.
    """
    dataset = prepared(model, data)
    parts = [s for s in (dataset.train, dataset.validation, dataset.test) if len(s)]
    return {
        "codes": np.concatenate([of_split(model, split).numpy() for split in parts]),
        "names": np.concatenate([np.array(split.names) for split in parts]),
        "labels": np.concatenate([split.labels for split in parts]),
        "splits": np.concatenate([np.full(len(split), split.name) for split in parts]),
    }


def of_split(model: Autoencoder, split: Split) -> Codes:
    """The code of every image of a split, in order, some images at a time."""
    batches = in_order(split, model.scaling, MAX_BATCH)
    found = [model.encode(batch.x, batch.condition, batch.labels).mean for batch in batches]
    return torch.cat(found) if found else torch.zeros(0, model.code_size)


def own_data(model: Autoencoder) -> Dataset:
    """The data that it was trained on, in the splits that they had. UserError if they cannot be found."""
    return model.training_data.load().conditioned_on(model.conditions)


def prepared(model: Autoencoder, data: str) -> Dataset:
    """A data set, prepared as for the training, with all labels; its own in the splits that they had.
    UserError if images have another shape or type."""
    own = model.training_data
    everything = replace(own, settings=replace(own.settings, labels=None, without=()))
    dataset = everything.load(data)
    if dataset.shape != model.shape or dataset.scaling.dtype != model.scaling.dtype:
        raise UserError(
            f"images in {data} are {tuple(dataset.shape)} {dataset.scaling.dtype}, this model was trained "
            f"on {tuple(model.shape)} {model.scaling.dtype} (channels, then sides); give such images"
        )
    return dataset.conditioned_on(model.conditions)
