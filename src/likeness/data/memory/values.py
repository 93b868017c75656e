"""What a program may give as data, each kind as a table of images and what is known of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from torch.utils.data import IterableDataset

from likeness.data import fingerprints
from likeness.data.memory import items
from likeness.data.memory.columns import labels
from likeness.data.memory.entries import image_key
from likeness.data.reading.layouts import channels_last, is_array, plain, usual_layout
from likeness.data.reading.pictures import Arrays, to_storable
from likeness.data.reading.ranges import range_of_stored
from likeness.data.settings import DataSettings
from likeness.data.table import Table
from likeness.errors import UserError

KINDS = "an array, a tensor, (images, labels), a list, a data set with a length, or a frame"


def read(value: Any, settings: DataSettings) -> Table:
    """The table of a value. Raises UserError, which lists what can be given, for other values."""
    if value is None:
        raise UserError("the run was trained on data in memory; name them with --data")
    if isinstance(value, tuple) and len(value) == 2:
        return _pair(*value, settings)
    if _is_frame(value):
        return _frame(value, settings)
    if is_array(value):
        return _array(value, settings)
    _refuse(value)
    return items.table(value, settings)


def _array(value: Any, settings: DataSettings) -> Table:
    array = channels_last(plain(value), "the array", settings.layout, usual_layout(value))
    images = to_storable(array, "the array")
    digests = fingerprints.of_rows(images)
    return Table(
        pictures=Arrays(images),
        names=[f"data[{row}]" for row in range(len(images))],
        digest=fingerprints.of_memory(digests, [f"{images.dtype} {images.shape[1:]}"], {}),
        range=None if settings.range else range_of_stored(images, "the array"),
        digests=digests,
    )


def _pair(images: Any, classes: Any, settings: DataSettings) -> Table:
    found, column = read(images, settings), labels(classes)
    digest = found.digest + fingerprints.of_columns({"label": column})
    return replace(
        found, columns={**found.columns, "label": column}, digest=fingerprints.of_parts([digest])
    )


def _is_frame(value: Any) -> bool:
    """Whether it is a frame of pandas or polars, neither of which is imported here."""
    return hasattr(value, "columns") and hasattr(value, "dtypes")


def _frame(frame: Any, settings: DataSettings) -> Table:
    """The rows of a frame, as items."""
    columns = {str(name): _values(frame[name]) for name in frame.columns}
    first = {name: next((v for v in values if v is not None), None) for name, values in columns.items()}
    settings = replace(settings, image=image_key(first, settings.image))
    return items.table([dict(zip(columns, row)) for row in zip(*columns.values())], settings)


def _values(series: Any) -> list[Any]:
    return list(series.to_numpy()) if "Array" in str(series.dtype) else series.to_list()


def _refuse(value: Any) -> None:
    """Raises UserError for a value that cannot be indexed by number."""
    kind = type(value).__name__
    if isinstance(value, Mapping):
        raise UserError(f"the data are of type {kind}; give a list of such, or one of its values: {KINDS}")
    if hasattr(value, "dataset") and hasattr(value, "batch_size"):
        raise UserError(f"the data are of type {kind}, which gives batches; give its .dataset")
    numbered = hasattr(value, "__len__") and hasattr(value, "__getitem__")
    if not numbered or isinstance(value, IterableDataset):
        way = "gives items in its own order only" if hasattr(value, "__iter__") else "holds no images"
        raise UserError(f"the data are of type {kind}, which {way}; give {KINDS}")
