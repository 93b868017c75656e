"""Images that are given to a trained model, read by the rules that the training images were."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from likeness.data.reading.decoding import Header, UnusableError
from likeness.data.reading.encoded import Fault, attempt, decoded
from likeness.data.reading.fitting import check_large_enough, fitted_header, resized, selected
from likeness.data.reading.pictures import image_array
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.files.archives import npy
from likeness.shapes import Images, ImageShape


def load_images(
    paths: Sequence[Path | str],
    scaling: Scaling,
    shape: ImageShape,
    settings: DataSettings | None = None,
) -> Images:
    """Image files, or .npy files of one image (h, w, c), as a model of `shape` takes them.

    The size, channels and grey of `settings` are applied as they were to the training images; a
    grey image becomes RGB where the model takes RGB. Raises UserError for a file that cannot be
    used, or is of another shape or type.
    """
    chosen = settings or DataSettings(data="")
    return scaling.to_unit(np.stack([_given(Path(p), scaling, shape, chosen) for p in paths]))


def _given(path: Path, scaling: Scaling, shape: ImageShape, settings: DataSettings) -> np.ndarray:
    natural = _natural(path)
    if natural.shape[2] == 1 and shape.channels == 3:
        natural = natural.repeat(3, axis=2)
    height, width, channels = natural.shape
    fitted_header(Header(height, width, channels, natural.dtype.name), settings)
    try:
        check_large_enough(height, width, settings)
    except UnusableError as error:
        raise UserError(f"{path}: {error}") from None
    image = selected(resized(natural, settings.sides), settings)
    _check(image, path, scaling, shape)
    return image


def _natural(path: Path) -> np.ndarray:
    if not path.is_file():
        raise UserError(f"there is no file {path}; check its name")
    if path.suffix == ".npy":
        return image_array(npy(path)[None], str(path))[0]
    image = attempt(decoded, path)
    if isinstance(image, Fault):
        raise UserError(f"{path} cannot be used ({image.reason}); give another file")
    return image


def _check(image: np.ndarray, path: Path, scaling: Scaling, shape: ImageShape) -> None:
    """Raises UserError unless an image is of the model's shape and type, and finite."""
    height, width, channels = image.shape
    if (channels, height, width) != shape:
        raise UserError(
            f"{path} is {channels}x{height}x{width} (channels x height x width), "
            f"but the model takes {'x'.join(map(str, shape))}; convert it"
        )
    if image.dtype.name != scaling.dtype:
        raise UserError(
            f"{path} holds {image.dtype}, but the model was trained on {scaling.dtype}; convert it"
        )
    if not np.isfinite(image).all():
        raise UserError(f"{path} has NaN or infinite pixels; mend them")
