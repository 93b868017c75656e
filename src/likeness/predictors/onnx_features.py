"""Features of a network in an ONNX file, such as Inception."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.errors import UserError, error_summary
from likeness.metrics import FeatureSpace
from likeness.shapes import Images, Shape

EXTENSION = ".onnx"
GREY_CHANNELS, COLOUR_CHANNELS = 1, 3


def onnx_space(file: str, shape: Shape) -> FeatureSpace:
    """A function from images (n, c, h, w) in [-1, 1] to features (n, d) of the network in an ONNX file.

    Images are resized to the input size of the network if it is fixed; grey images are repeated for three
    input channels. Raises UserError if the file cannot be read, or does not accept the images.
    """
    session = _session(file)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    source, target = inputs[0], outputs[0]
    if (
        len(inputs) > 1
        or len(source.shape) != 4
        or source.type != "tensor(float)"
        or len(target.shape) != 2
    ):
        raise UserError(
            f"{file} is not a function from float32 images (n, c, h, w) to features (n, d); "
            "choose other --features"
        )
    batch_size, channels, *size = source.shape
    if isinstance(channels, int) and channels not in (
        shape.channels,
        COLOUR_CHANNELS * (shape.channels == GREY_CHANNELS),
    ):
        raise UserError(
            f"{file} takes images of {channels} channels, these have {shape.channels}; "
            "choose other --features"
        )
    input_size = [s if isinstance(s, int) else own for s, own in zip(size, shape[1:])]

    def run(x: np.ndarray) -> np.ndarray:
        return session.run([target.name], {source.name: x})[0]

    def features(x: Images) -> Float[Tensor, "n d"]:
        if input_size != list(shape[1:]):
            x = F.interpolate(x, input_size, mode="bilinear", antialias=True)
        if channels == COLOUR_CHANNELS and shape.channels == GREY_CHANNELS:
            x = x.expand(-1, COLOUR_CHANNELS, -1, -1)
        size = batch_size if isinstance(batch_size, int) else len(x)
        return in_batches(lambda part: torch.from_numpy(run(part.contiguous().numpy())), x, size=size)

    try:
        features(torch.zeros(2, *shape))  # exported networks may need batches of one image
    except Exception as error:  # its errors have no other common base class
        raise UserError(
            f"{file} cannot be run on images of {tuple(shape)} ({error_summary(error, 120)}); "
            "export it for images of this size and batches of any length"
        ) from None
    return features


def _session(file: str) -> Any:
    """A session of ONNX Runtime. Raises UserError if there is none, or the file cannot be read."""
    try:
        from onnxruntime import InferenceSession
    except ImportError:
        raise UserError(f"{file} needs an extra; pip install 'likeness[onnx]'") from None
    if not Path(file).is_file():
        raise UserError(f"{file} is not a file; give an ONNX file, or other --features")
    try:
        return InferenceSession(file, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no other common base class
        raise UserError(
            f"{file} is not a readable ONNX network ({error_summary(error, 120)}); export it again"
        ) from None
