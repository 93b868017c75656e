"""Arrow tables read as columns: words become codes, class names come from Hugging Face metadata."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from likeness.data.columns import Column
from likeness.shapes import UNLABELLED


def columns(table: pa.Table) -> dict[str, Column]:
    """The columns of numbers and words; missing numbers of classes and words are UNLABELLED."""
    names = class_names(table.schema)
    found = {name: _column(table[name], names.get(name)) for name in table.column_names}
    return {name: column for name, column in found.items() if column is not None}


def class_names(schema: pa.Schema) -> dict[str, tuple[str, ...]]:
    """Names of the classes, by column, that the `huggingface` metadata of a schema state."""
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        labels = {name: f for name, f in features.items() if f.get("_type") == "ClassLabel"}
        return {name: tuple(map(str, f["names"])) for name, f in labels.items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}


def _column(values: pa.ChunkedArray, names: tuple[str, ...] | None) -> Column | None:
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        return _words(values)
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        absent = values.is_null().to_numpy() if values.null_count else None
        return Column(_numbers(pc.cast(values, pa.int64()), UNLABELLED), names, absent)
    if pa.types.is_floating(kind):
        return Column(_numbers(pc.cast(values, pa.float64()), np.nan))
    return None


def _numbers(values: pa.ChunkedArray, missing: int | float) -> np.ndarray:
    return pc.fill_null(values, missing).to_numpy()


def _words(values: pa.ChunkedArray) -> Column | None:
    try:
        words = values.cast(pa.string())
    except pa.ArrowInvalid:
        return None
    names = sorted(word for word in words.unique().to_pylist() if word is not None)
    position = {word: code for code, word in enumerate(names)}
    codes = [position.get(word, UNLABELLED) for word in words.to_pylist()]
    return Column(np.array(codes, np.int64), tuple(names))
