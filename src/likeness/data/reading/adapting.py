"""Any image brought to what a trained model takes, with a note of all that was changed on the way.

`given` refuses what does not fit; this is for looking, where an image that was bent to fit is better
than none.
"""

import io
from typing import NamedTuple

import numpy as np

from likeness.data.reading.decoding import header
from likeness.data.reading.encoded import Fault, attempt, decoded
from likeness.data.reading.fitting import LUMA, resized, to_dtype
from likeness.data.reading.pictures import image_array
from likeness.data.reading.scaling import Scaling
from likeness.errors import UserError
from likeness.files.archives import check_array_header
from likeness.shapes import ImageShape

MAX_PIXELS = 2**24
"""Of one image that is given to be looked at."""


class Adapted(NamedTuple):
    """An image (h, w, c) in the channels, size and type of a model's data, and what was done to it."""

    image: np.ndarray
    notes: list[str]


def read(name: str, content: bytes) -> np.ndarray:
    """The image (h, w, c) in the bytes of a file: a picture, or an .npy array of one image.

    Raises UserError for what is no image, or has more than MAX_PIXELS.
    """
    if name.endswith(".npy"):
        return _array(name, content)
    size = attempt(header, content)
    if not isinstance(size, Fault) and size.height * size.width > MAX_PIXELS:
        raise UserError(f"{name} has {size.width}x{size.height} pixels; give at most {MAX_PIXELS:,}")
    image = attempt(decoded, content)
    if isinstance(image, Fault):
        raise UserError(f"{name} cannot be used ({image.reason}); give a picture or an .npy array")
    return image


def _array(name: str, content: bytes) -> np.ndarray:
    check_array_header(io.BytesIO(content), len(content), name)
    array = np.load(io.BytesIO(content), allow_pickle=False)
    image = image_array(array[None], name)[0]
    if image.shape[0] * image.shape[1] > MAX_PIXELS:
        raise UserError(f"{name} has too many pixels; give at most {MAX_PIXELS:,}")
    if not np.isfinite(image).all():
        raise UserError(f"{name} has NaN or infinite pixels; mend them")
    return image


def adapted(
    image: np.ndarray, shape: ImageShape, scaling: Scaling, channels: tuple[int, ...] = ()
) -> Adapted:
    """`image` (h, w, c) cut, resized and converted; of its channels those named, in that order.

    Raises UserError for channels that cannot be made from those there are.
    """
    notes: list[str] = []
    image = _of_channels(image, shape.channels, channels, notes)
    if image.shape[:2] != (shape.height, shape.width):
        notes.append(f"cut and resized from {image.shape[1]} x {image.shape[0]}")
        image = resized(image, (shape.height, shape.width))
    return Adapted(_of_type(image, scaling, notes), notes)


def _of_channels(image: np.ndarray, wanted: int, chosen: tuple[int, ...], notes: list[str]) -> np.ndarray:
    there = image.shape[2]
    if chosen:
        if max(chosen) >= there or min(chosen) < 0 or len(chosen) != wanted:
            raise UserError(f"{wanted} of channels 0 to {there - 1} are needed; choose other channels")
        notes.append(f"channels {', '.join(map(str, chosen))} of {there}")
        return image[..., list(chosen)]
    if there == wanted:
        return image
    if there == 1:
        notes.append(f"its one channel repeated {wanted} times")
        return image.repeat(wanted, axis=2)
    if there == 3 and wanted == 1:
        notes.append("its colours made grey")
        return to_dtype(image.astype(np.float32) @ LUMA, image.dtype)[..., None]
    if there < wanted:
        raise UserError(f"the image has {there} channels, the model takes {wanted}; give one that has them")
    notes.append(f"the first {wanted} of its {there} channels")
    return image[..., :wanted]


def _of_type(image: np.ndarray, scaling: Scaling, notes: list[str]) -> np.ndarray:
    """Other types are stretched: what 8 or 16 bits can hold, or the range of floats, to the range of the
    training data."""
    first, last = (np.array(v, np.float32) for v in (scaling.low, scaling.high))
    if image.dtype.name == scaling.dtype:
        return _within(image, first, last, notes)
    notes.append(f"{image.dtype} stretched to the {scaling.dtype} range of the training data")
    low, high = _range(image)
    values = (image.astype(np.float32) - low) / max(high - low, 1e-12) * (last - first) + first
    return to_dtype(values, np.dtype(scaling.dtype))


def _within(image: np.ndarray, first: np.ndarray, last: np.ndarray, notes: list[str]) -> np.ndarray:
    if (image >= first).all() and (image <= last).all():
        return image
    notes.append("values beyond the range of the training data cut off")
    return to_dtype(image.astype(np.float32).clip(first, last), image.dtype)


def _range(image: np.ndarray) -> tuple[float, float]:
    if image.dtype.kind == "f":
        return float(image.min()), float(image.max())
    return 0.0, float(np.iinfo(image.dtype).max)
