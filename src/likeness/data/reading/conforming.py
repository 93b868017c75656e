"""An image as a trained model takes it: refused if it differs, or adapted. Each step that adapts it adds a
note of what was changed."""

from dataclasses import dataclass, field

import numpy as np

from likeness.data.reading.fitting import grey, resize, to_dtype
from likeness.data.reading.scaling import Scaling
from likeness.errors import UserError
from likeness.shapes import Shape


@dataclass
class Conformed:
    """An image (h, w, c) with the channels, size and type of a model's data, and notes of what was
    changed."""

    image: np.ndarray
    notes: list[str] = field(default_factory=list)

    def change(self, to: np.ndarray, note: str) -> None:
        """Replace the image, and add a note of what was changed."""
        self.image = to
        self.notes.append(note)


def conform(
    image: np.ndarray,
    shape: Shape,
    scaling: Scaling,
    *,
    strict: bool,
    name: str = "the image",
    channels: tuple[int, ...] = (),
) -> Conformed:
    """`image` (h, w, c) as a model of `shape` takes it. Unless `strict`, the named channels are taken, in
    that order, and the image is cropped, resized and converted. Raises UserError if it is `strict` and the
    image differs, or if the channels cannot be made from those of the image."""
    fitted = Conformed(image)
    if strict:
        _refuse_difference(image, shape, scaling, name)
        return fitted
    _choose_channels(fitted, shape.channels, channels)
    height, width = fitted.image.shape[:2]
    if (height, width) != shape.space:
        tall, wide = shape.space
        to = resize(fitted.image, (tall, wide))
        fitted.change(to, f"cut and resized from {width} x {height}")
    _convert_type(fitted, scaling)
    return fitted


def _refuse_difference(image: np.ndarray, shape: Shape, scaling: Scaling, name: str) -> None:
    """Raises UserError if an image has another shape or type than the model takes."""
    height, width, channels = image.shape
    if (channels, height, width) != shape:
        raise UserError(
            f"{name} is {channels}x{height}x{width} (channels x height x width), "
            f"but the model takes {'x'.join(map(str, shape))}; convert it"
        )
    if image.dtype.name != scaling.dtype:
        raise UserError(
            f"{name} holds {image.dtype}, but the model was trained on {scaling.dtype}; convert it"
        )


def _choose_channels(fitted: Conformed, wanted: int, chosen: tuple[int, ...]) -> None:
    image, there = fitted.image, fitted.image.shape[2]
    if chosen:
        if max(chosen) >= there or min(chosen) < 0 or len(chosen) != wanted:
            raise UserError(f"{wanted} of channels 0 to {there - 1} are needed; choose other channels")
        note = f"channels {', '.join(map(str, chosen))} of {there}"
        fitted.change(image[..., list(chosen)], note)
    elif there == wanted:
        return
    elif there == 1:
        fitted.change(image.repeat(wanted, axis=2), f"its one channel repeated {wanted} times")
    elif there == 3 and wanted == 1:
        fitted.change(grey(image), "its colours made grey")
    elif there < wanted:
        raise UserError(f"the image has {there} channels, the model takes {wanted}; give one that has them")
    else:
        fitted.change(image[..., :wanted], f"the first {wanted} of its {there} channels")


def _convert_type(fitted: Conformed, scaling: Scaling) -> None:
    """Other types are stretched: what 8 or 16 bits can hold, or the range of floats, to the range of the
    training data. Values beyond that range are cut off."""
    image, (first, last) = fitted.image, (np.array(v, np.float32) for v in (scaling.low, scaling.high))
    if image.dtype.name != scaling.dtype:
        low, high = _range(image)
        values = (image.astype(np.float32) - low) / max(high - low, 1e-12) * (last - first) + first
        fitted.change(
            to_dtype(values, np.dtype(scaling.dtype)),
            f"{image.dtype} stretched to the {scaling.dtype} range of the training data",
        )
    elif (image < first).any() or (image > last).any():
        to = to_dtype(image.astype(np.float32).clip(first, last), image.dtype)
        fitted.change(to, "values beyond the range of the training data cut off")


def _range(image: np.ndarray) -> tuple[float, float]:
    if image.dtype.kind == "f":
        return float(image.min()), float(image.max())
    return 0.0, float(np.iinfo(image.dtype).max)
