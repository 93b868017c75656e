"""An image made to be what a trained model takes: refused where it is not, or bent to fit.

Each step either finds the image right, or changes it with a note of what was changed; a strict one refuses
instead.
"""

from dataclasses import dataclass, field

import numpy as np

from likeness.data.reading.fitting import grey, resized, to_dtype
from likeness.data.reading.scaling import Scaling
from likeness.errors import UserError
from likeness.shapes import ImageShape


@dataclass
class Conformed:
    """An image (h, w, c) in the channels, size and type of a model's data, and what was done to it."""

    image: np.ndarray
    name: str = "the image"
    strict: bool = False
    notes: list[str] = field(default_factory=list)

    def change(self, to: np.ndarray, fact: str, note: str) -> None:
        """Take a changed image and note it. Raises UserError with the fact instead where that is strict."""
        if self.strict:
            raise UserError(f"{self.name} {fact}; convert it")
        self.image = to
        self.notes.append(note)


def conform(
    image: np.ndarray,
    shape: ImageShape,
    scaling: Scaling,
    *,
    strict: bool,
    name: str = "the image",
    channels: tuple[int, ...] = (),
) -> Conformed:
    """`image` (h, w, c) as a model of `shape` takes it; of its channels those named, in that order.

    Where it is not `strict`, it is cut, resized and converted. Raises UserError where it is strict and the
    image differs, or where the channels cannot be made from those that there are.
    """
    fitted = Conformed(image, name, strict)
    _refuse_shape(fitted, shape)
    _choose_channels(fitted, shape.channels, channels)
    if fitted.image.shape[:2] != (shape.height, shape.width):
        height, width = fitted.image.shape[:2]
        to = resized(fitted.image, (shape.height, shape.width))
        fitted.change(to, "has another size", f"cut and resized from {width} x {height}")
    _convert_type(fitted, scaling)
    return fitted


def _refuse_shape(fitted: Conformed, shape: ImageShape) -> None:
    """Raises UserError, with both shapes, where an image that may not be changed has another."""
    height, width, channels = fitted.image.shape
    if fitted.strict and (channels, height, width) != shape:
        raise UserError(
            f"{fitted.name} is {channels}x{height}x{width} (channels x height x width), "
            f"but the model takes {'x'.join(map(str, shape))}; convert it"
        )


def _choose_channels(fitted: Conformed, wanted: int, chosen: tuple[int, ...]) -> None:
    image, there = fitted.image, fitted.image.shape[2]
    fact = f"has {there} channels"
    if chosen:
        if max(chosen) >= there or min(chosen) < 0 or len(chosen) != wanted:
            raise UserError(f"{wanted} of channels 0 to {there - 1} are needed; choose other channels")
        note = f"channels {', '.join(map(str, chosen))} of {there}"
        fitted.change(image[..., list(chosen)], fact, note)
    elif there == wanted:
        return
    elif there == 1:
        fitted.change(image.repeat(wanted, axis=2), fact, f"its one channel repeated {wanted} times")
    elif there == 3 and wanted == 1:
        fitted.change(grey(image), fact, "its colours made grey")
    elif there < wanted:
        raise UserError(f"the image has {there} channels, the model takes {wanted}; give one that has them")
    else:
        fitted.change(image[..., :wanted], fact, f"the first {wanted} of its {there} channels")


def _convert_type(fitted: Conformed, scaling: Scaling) -> None:
    """Other types are stretched: what 8 or 16 bits can hold, or the range of floats, to the range of the
    training data. Values beyond that range are cut off, but where the image may not be changed."""
    image, (first, last) = fitted.image, (np.array(v, np.float32) for v in (scaling.low, scaling.high))
    if image.dtype.name != scaling.dtype:
        low, high = _range(image)
        values = (image.astype(np.float32) - low) / max(high - low, 1e-12) * (last - first) + first
        fitted.change(
            to_dtype(values, np.dtype(scaling.dtype)),
            f"holds {image.dtype}, but the model was trained on {scaling.dtype}",
            f"{image.dtype} stretched to the {scaling.dtype} range of the training data",
        )
    elif not fitted.strict and ((image < first).any() or (image > last).any()):
        to = to_dtype(image.astype(np.float32).clip(first, last), image.dtype)
        fitted.change(to, "is out of range", "values beyond the range of the training data cut off")


def _range(image: np.ndarray) -> tuple[float, float]:
    if image.dtype.kind == "f":
        return float(image.min()), float(image.max())
    return 0.0, float(np.iinfo(image.dtype).max)
