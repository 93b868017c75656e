"""Images that are given to a trained model, read by the rules that the training images were."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from likeness.data.reading.conforming import conform
from likeness.data.reading.decoding import Header, UnusableError
from likeness.data.reading.fitting import check_large_enough, fitted_header, prepared, widened
from likeness.data.reading.items import stored_image
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.shapes import Images, Shape


def load_images(
    paths: Sequence[Path | str],
    scaling: Scaling,
    shape: Shape,
    settings: DataSettings | None = None,
) -> Images:
    """Image files, or .npy files of one image (h, w, c), as a model of `shape` takes them.

    The size, channels and grey of `settings` are applied as they were to the training images; a
    grey image becomes RGB where the model takes RGB. Raises UserError for a file that cannot be
    used, or is of another shape or type.
    """
    chosen = settings or DataSettings(data="")
    return scaling.to_unit(np.stack([_given(Path(p), scaling, shape, chosen) for p in paths]))


def _given(path: Path, scaling: Scaling, shape: Shape, settings: DataSettings) -> np.ndarray:
    image = stored_image(path, str(path))
    height, width, there = image.shape
    colours = shape.channels if there == 1 and shape.channels == 3 else there
    natural = Header(height, width, colours, image.dtype.name)
    fitted_header(natural, settings)
    try:
        check_large_enough(height, width, settings)
    except UnusableError as error:
        raise UserError(f"{path}: {error}") from None
    fitted = prepared(widened(image, natural), natural, settings)
    return conform(fitted, shape, scaling, strict=True, name=str(path)).image
