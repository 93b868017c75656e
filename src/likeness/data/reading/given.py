"""Images that are given to a trained model, read by the rules that the training images were."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from likeness.data.memory.pictures import picture
from likeness.data.reading.conforming import conform
from likeness.data.reading.decoding import Header, UnusableError
from likeness.data.reading.encoded import decode
from likeness.data.reading.fitting import check_large_enough, header_after_fitting, prepare, widen
from likeness.data.reading.items import check_finite, stored_image
from likeness.data.reading.layouts import is_array
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings, Layout
from likeness.errors import UserError
from likeness.shapes import Images, Shape


def images_of(value: Any, scaling: Scaling, shape: Shape, settings: DataSettings | None = None) -> Images:
    """One image or several, as a model of `shape` takes them: files (.npy ones of one image), PIL images,
    arrays or tensors, with values as those of the training images.

    The size, channels and grey of `settings` are applied as they were to the training images; a
    grey image becomes RGB where the model takes RGB. Raises UserError for what cannot be used, or is of
    another shape or type.
    """
    chosen = settings or DataSettings(data="")
    values = _several(value, shape)
    if not len(values):
        raise UserError("no images are given; give some")
    return scaling.to_unit(
        np.stack([_fit_one(v, row, scaling, shape, chosen) for row, v in enumerate(values)])
    )


def _several(value: Any, shape: Shape) -> Sequence[Any]:
    """The values of one image each. An array of three axes holds several where they have the model's
    sides, and the model takes one channel."""
    if isinstance(value, str | Path | bytes | Image.Image):
        return [value]
    if not is_array(value):
        return list(value)
    grey = len(value.shape) == 3 and shape.channels == 1 and tuple(value.shape[1:]) == shape.space
    return list(value) if grey or len(value.shape) == 4 else [value]


def _fit_one(value: Any, row: int, scaling: Scaling, shape: Shape, settings: DataSettings) -> np.ndarray:
    name = str(value) if isinstance(value, str | Path) else f"image {row}"
    image = _image(value, name, _layout(value, shape) or settings.layout)
    height, width, there = image.shape
    colours = shape.channels if there == 1 and shape.channels == 3 else there
    natural = Header(height, width, colours, image.dtype.name)
    header_after_fitting(natural, settings)
    try:
        check_large_enough(height, width, settings)
    except UnusableError as error:
        raise UserError(f"{name}: {error}") from None
    fitted = prepare(widen(image, natural), natural, settings)
    return conform(fitted, shape, scaling, strict=True, name=name).image


def _image(value: Any, name: str, layout: Layout | None) -> np.ndarray:
    if isinstance(value, str | Path):
        return stored_image(Path(value), name)
    found = picture(value, name, layout)
    image = found if isinstance(found, np.ndarray) else decode(found)
    check_finite(image, name)
    return image


def _layout(value: Any, shape: Shape) -> Layout | None:
    """The layout in which an array has the model's shape, where it has in one alone."""
    sides = tuple(getattr(value, "shape", ()))
    first, last = sides == tuple(shape), sides == (*shape.space, shape.channels)
    return None if first == last else "nchw" if first else "nhwc"
