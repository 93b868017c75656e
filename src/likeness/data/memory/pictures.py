"""What a program has for one image: an array, a tensor, a PIL image, a file or its bytes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from likeness.data.reading.decoding import ENDINGS, Item, of_picture
from likeness.data.reading.layouts import channels_last, is_array, plain, usual_layout
from likeness.data.reading.pictures import STORED, to_storable
from likeness.data.settings import Layout
from likeness.errors import UserError


def is_picture(value: Any) -> bool:
    """Whether a value is an image: numbers in two or three axes, or something that can be decoded."""
    if isinstance(value, str):
        return Path(value).suffix.lower() in ENDINGS
    if isinstance(value, Mapping):
        return bool({"bytes", "path"} & value.keys())
    if isinstance(value, list):
        return len(value) > 0 and isinstance(value[0], list)
    return isinstance(value, bytes | Path | Image.Image) or (is_array(value) and len(value.shape) in (2, 3))


def picture(value: Any, name: str, layout: Layout | None) -> Item:
    """The image in a value; arrays are brought to (height, width, channels). Raises UserError, with
    `name`, if there is none."""
    if isinstance(value, Mapping):
        value = value.get("bytes") or value.get("path")
    if isinstance(value, str | Path):
        return Path(value)
    if isinstance(value, Image.Image):
        return of_picture(value)
    if value is None or isinstance(value, bytes):
        return value or b""
    if not is_array(value) and not is_picture(value):
        raise UserError(
            f"{name} is of type {type(value).__name__}, not an image; "
            "give arrays, tensors, PIL images or files"
        )
    return _to_storable(_with_channels(value, name, layout), name)


def _with_channels(value: Any, name: str, layout: Layout | None) -> np.ndarray:
    array = plain(value)
    if array.ndim == 2:
        return array[..., None]
    if array.ndim != 3 or layout == "nhw":
        raise UserError(f"{name} has shape {array.shape}, which is not that of an image; give one of each")
    return channels_last(array[None], name, layout, usual_layout(value))[0]


def _to_storable(array: np.ndarray, name: str) -> np.ndarray:
    """One image as it is stored; whole numbers of other types as floats, since one image alone does not
    say how many bits its set has."""
    wide = array.dtype.kind in "iu" and array.dtype.name not in STORED
    return to_storable(array.astype(np.float32) if wide else array, name)
