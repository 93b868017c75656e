"""Arrays and tensors of images with their axes in the order that images are stored in."""

from typing import Any

import numpy as np
import torch

from likeness.data.settings import Layout
from likeness.errors import UserError

SHAPES = "(n, height, width, channels), (n, channels, height, width) or (n, height, width)"
MAX_CHANNELS_OF_ONE_IMAGE = 4
"""The most channels, or images, that let an array of three axes pass for a single image."""


def is_array(value: Any) -> bool:
    """Whether `value` is a tensor, or an array of NumPy or of a library with its array protocol."""
    return hasattr(value, "__array__") and hasattr(value, "dtype") and hasattr(value, "shape")


def usual_layout(value: Any) -> Layout:
    """Where arrays of this kind have their channels: tensors first, others last."""
    return "nchw" if isinstance(value, torch.Tensor) else "nhwc"


def plain(value: Any) -> np.ndarray:
    """The numbers of an array, or of a tensor on any device, where NumPy has their type."""
    if not isinstance(value, torch.Tensor):
        return np.asarray(value)
    value = value.detach().cpu().resolve_conj().resolve_neg()
    return (value.float() if value.dtype == torch.bfloat16 else value).numpy()


def channels_last(array: np.ndarray, name: str, layout: Layout | None, usual: Layout) -> np.ndarray:
    """A view (n, height, width, channels) of an array in a `layout`, by default in the `usual` one where
    its shape leaves no doubt. Raises UserError, with the remedy, where it does, and for other ranks."""
    if array.ndim not in (3, 4):
        raise UserError(f"{name} has shape {array.shape}, which is not that of images; give {SHAPES}")
    if 0 in array.shape:
        raise UserError(f"{name} has shape {array.shape}, which holds no pixels; give images")
    chosen = layout or _doubtless(array, name, usual)
    if len(chosen) != array.ndim:
        raise UserError(f"{name} has shape {array.shape}, which is not {chosen}; give another layout")
    return {"nhwc": array, "nchw": np.moveaxis(array, 1, -1), "nhw": array[..., None]}[chosen]


def _doubtless(array: np.ndarray, name: str, usual: Layout) -> Layout:
    """The layout that the shape of an array has without doubt. Raises UserError, which asks for `layout`,
    if there are several."""
    if array.ndim == 3:
        first, *_, last = array.shape
        if last <= MAX_CHANNELS_OF_ONE_IMAGE < min(
            array.shape[:2]
        ) or first <= MAX_CHANNELS_OF_ONE_IMAGE < min(array.shape[1:]):
            raise UserError(
                f"{name} has shape {array.shape}, which may be a single image; "
                "give several, or layout='nhw' if these are"
            )
        return "nhw"
    channels = usual.index("c")
    if array.shape[channels] >= min(array.shape[2 if channels == 1 else 1 :][:2]):
        raise UserError(
            f"{name} has shape {array.shape}, where the channels cannot be told from the sides; "
            "say layout='nchw' or layout='nhwc'"
        )
    return usual
