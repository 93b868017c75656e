"""Codes of whole data sets, and the files that hold them."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from likeness.data.batches import in_order
from likeness.data.dataset import Dataset, Split, load
from likeness.errors import UserError, brief
from likeness.runs.model import CHUNK, Model
from likeness.runs.output import written
from likeness.shapes import Codes, Images

CodeFile = dict[str, np.ndarray]


def encode_all(model: Model, data: str) -> CodeFile:
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


def of_split(model: Model, split: Split) -> Codes:
    """The code of every image of a split, in order, some images at a time."""
    batches = in_order(split, model.scaling, CHUNK)
    found = [model.encode(batch.x, batch.labels, batch.attributes) for batch in batches]
    return torch.cat(found) if found else torch.zeros(0, model.objective.code_size)


def of_files(model: Model, paths: Sequence[str | Path]) -> Codes:
    """Codes of images in files, in order; an .npz file stands for the codes in it. UserError if
    codes have another number of dimensions than the model's."""
    found = [
        read_codes(Path(path)) if str(path).endswith(".npz") else model.encode(model.images([path]))
        for path in paths
    ]
    for z in found:
        model.check_codes(z)
    return torch.cat(found)


def image_of(model: Model, path: str | Path) -> Images:
    """The image (1, c, h, w) of a file, decoded from the first code of an .npz file."""
    return model.decode(read_codes(Path(path))[:1]) if str(path).endswith(".npz") else model.images([path])


def own_data(model: Model) -> Dataset:
    """The data that it was trained on, as they were then. UserError if they are not where they were."""
    config = model.config
    return load(config.data, config.training.seed).telling(config.objective.given)


def prepared(model: Model, data: str) -> Dataset:
    """A data set, prepared as for the training. UserError if images have another shape or type."""
    config = model.config
    dataset = load(replace(config.data, data=data, labels=None, without=()), config.training.seed)
    dataset = dataset.telling(config.objective.given)
    if dataset.shape != model.shape or dataset.scaling.dtype != model.scaling.dtype:
        raise UserError(
            f"images in {data} are {tuple(dataset.shape)} {dataset.scaling.dtype}, this model was trained "
            f"on {tuple(model.shape)} {model.scaling.dtype} (channels, height, width); give such images"
        )
    return dataset


def write_named(out: Path, codes: Codes, names: Sequence[str]) -> Path:
    """Write codes with their names. UserError if the file's name does not end in .npz."""
    write_codes(out, {"codes": codes.numpy(), "names": np.array(names, dtype=str)})
    return out


def write_codes(out: Path, codes: CodeFile) -> None:
    """Write an .npz file. UserError if its name does not end so."""
    if out.suffix != ".npz":
        raise UserError(f"{out} does not end in .npz; codes are kept with their names in such a file")
    buffer = io.BytesIO()
    np.savez(buffer, **codes)  # type: ignore[arg-type]
    written(out, buffer.getvalue())


def read_codes(path: Path) -> Codes:
    """The codes in an .npz file, under `codes`, or in an .npy file. UserError if there are none."""
    try:
        found = np.load(path, allow_pickle=False)
        array = found["codes"] if isinstance(found, np.lib.npyio.NpzFile) else found
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        text = brief(error, 100)
        reason = "it is not an array of numbers" if "pickle" in text else text
        raise UserError(f"{path} holds no codes ({reason}); give what `likeness encode` wrote") from None
    if array.ndim != 2 or array.dtype.kind != "f" or not array.size or not np.isfinite(array).all():
        raise UserError(
            f"{path} holds {array.dtype} {array.shape}; codes are finite floats (n, dimensions)"
        )
    return torch.from_numpy(array.astype(np.float32))
