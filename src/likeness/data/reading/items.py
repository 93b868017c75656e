"""One stored item as an array (height, width, channels): a picture, or an .npy array of one image."""

from pathlib import Path

import numpy as np

from likeness.data.reading.decoding import header
from likeness.data.reading.encoded import Fault, attempt, decode
from likeness.data.reading.pictures import image_array
from likeness.errors import UserError
from likeness.files.archives import npy, npy_of


def stored_image(item: Path | bytes, name: str, max_pixels: int | None = None) -> np.ndarray:
    """The image in a file, or in the bytes of one, as it is stored; `name` says which kind it is.

    Raises UserError, with the name, for what is no image, is not finite, or has more than `max_pixels`.
    """
    if isinstance(item, Path) and not item.is_file():
        raise UserError(f"there is no file {name}; check its name")
    image = _array(item, name) if name.endswith(".npy") else _picture(item, name, max_pixels)
    _refuse_large(image.shape[0], image.shape[1], name, max_pixels)
    check_finite(image, name)
    return image


def check_finite(image: np.ndarray, name: str) -> None:
    """Raises UserError, with the name, for an image with values that are no numbers."""
    if not np.isfinite(image).all():
        raise UserError(f"{name} has NaN or infinite pixels; mend them")


def _array(item: Path | bytes, name: str) -> np.ndarray:
    array = npy(item) if isinstance(item, Path) else npy_of(item, name)
    return image_array(array[None], name)[0]


def _picture(item: Path | bytes, name: str, max_pixels: int | None) -> np.ndarray:
    size = attempt(header, item)
    if not isinstance(size, Fault):
        _refuse_large(size.height, size.width, name, max_pixels)
    image = attempt(decode, item)
    if isinstance(image, Fault):
        raise UserError(f"{name} cannot be used ({image.reason}); give a picture or an .npy array")
    return image


def _refuse_large(height: int, width: int, name: str, max_pixels: int | None) -> None:
    """Raises UserError for more pixels than are allowed."""
    if max_pixels is not None and height * width > max_pixels:
        raise UserError(f"{name} has {width}x{height} pixels; give at most {max_pixels:,}")
