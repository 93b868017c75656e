"""Features of a network of the user's own, in an ONNX file: Inception, say, or one of their field."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.errors import UserError, error_summary
from likeness.metrics import Space
from likeness.shapes import Images, Shape

ENDING = ".onnx"
GREY, COLOURS = 1, 3


def onnx_space(file: str, shape: Shape) -> Space:
    """The features (n, d) that the network in an ONNX file says of images (n, c, h, w) in [-1, 1].

    Images are resized to the size that its input has, where that is fixed, and grey ones given to three
    channels as three times the same. Raises UserError if it cannot be read, or does not take such images.
    """
    session = _session(file)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    given, said = inputs[0], outputs[0]
    if len(inputs) > 1 or len(given.shape) != 4 or given.type != "tensor(float)" or len(said.shape) != 2:
        raise UserError(
            f"{file} does not take images alone, float32 (n, c, h, w), and give features (n, d); choose "
            "other --features"
        )
    batch, channels, *size = given.shape
    if isinstance(channels, int) and channels not in (shape.channels, COLOURS * (shape.channels == GREY)):
        raise UserError(
            f"{file} takes images of {channels} channels, these have {shape.channels}; choose others"
        )
    fixed = [s if isinstance(s, int) else own for s, own in zip(size, shape[1:])]

    def run(x: np.ndarray) -> np.ndarray:
        return session.run([said.name], {given.name: x})[0]

    def features(x: Images) -> Float[Tensor, "n d"]:
        if fixed != list(shape[1:]):
            x = F.interpolate(x, fixed, mode="bilinear", antialias=True)
        if channels == COLOURS and shape.channels == GREY:
            x = x.expand(-1, COLOURS, -1, -1)
        size = batch if isinstance(batch, int) else len(x)
        return in_batches(lambda part: torch.from_numpy(run(part.contiguous().numpy())), x, size=size)

    try:
        features(torch.zeros(2, *shape))  # as exporters leave it, a batch may have to be of one image
    except Exception as error:  # its own kinds have nothing else in common
        raise UserError(
            f"{file} cannot be run on images of {tuple(shape)} ({error_summary(error, 120)}); "
            "export it for images of this size and batches of any length"
        ) from None
    return features


def _session(file: str) -> Any:
    try:
        from onnxruntime import InferenceSession
    except ImportError:
        raise UserError(f"{file} needs an extra; pip install 'likeness[onnx]'") from None
    if not Path(file).is_file():
        raise UserError(f"{file} is no file; give an ONNX file, or other --features")
    try:
        return InferenceSession(file, providers=["CPUExecutionProvider"])
    except Exception as error:  # its own kinds have nothing else in common
        raise UserError(
            f"{file} holds no network that can be read ({error_summary(error, 120)}); export it anew"
        ) from None
