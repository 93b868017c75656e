"""Layers for each number of dimensions of space.

To add a number of dimensions: a row of `BY_DIMENSIONS`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd as Convolution

from likeness.errors import UserError
from likeness.losses import at_least_float32
from likeness.shapes import Shape


@dataclass(frozen=True)
class Layers:
    """The layers for one number of dimensions."""

    conv: type[nn.Conv1d | nn.Conv2d | nn.Conv3d]
    conv_transpose: type[nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d]
    batch_norm: type[nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d]
    average: Callable[..., Tensor]
    """Adaptive average pooling to given sides."""
    memory_format: torch.memory_format
    """Memory format of weights in which convolutions are fastest."""
    interpolation: str
    """Mode of linear interpolation."""


BY_DIMENSIONS = {
    1: Layers(
        conv=nn.Conv1d,
        conv_transpose=nn.ConvTranspose1d,
        batch_norm=nn.BatchNorm1d,
        average=F.adaptive_avg_pool1d,
        memory_format=torch.contiguous_format,
        interpolation="linear",
    ),
    2: Layers(
        conv=nn.Conv2d,
        conv_transpose=nn.ConvTranspose2d,
        batch_norm=nn.BatchNorm2d,
        average=F.adaptive_avg_pool2d,
        memory_format=torch.channels_last,
        interpolation="bilinear",
    ),
    3: Layers(
        conv=nn.Conv3d,
        conv_transpose=nn.ConvTranspose3d,
        batch_norm=nn.BatchNorm3d,
        average=F.adaptive_avg_pool3d,
        memory_format=torch.channels_last_3d,
        interpolation="trilinear",
    ),
}
WithWeights = nn.Linear | Convolution
LAYERS_WITH_WEIGHTS: tuple[type[WithWeights], ...] = (
    nn.Linear,
    *(layer for row in BY_DIMENSIONS.values() for layer in (row.conv, row.conv_transpose)),
)
"""Layers to which initialisation, spectral normalisation and conditions apply."""


def layers_of(shape: Shape) -> Layers:
    """The layers for inputs of `shape`. Raises UserError for other than one to three dimensions of
    space."""
    dimensions = len(shape.space)
    if dimensions not in BY_DIMENSIONS:
        supported = ", ".join(map(str, BY_DIMENSIONS))
        raise UserError(
            f"inputs of {tuple(shape)} have {dimensions} dimensions beside channels; give {supported}"
        )
    return BY_DIMENSIONS[dimensions]


def share_of_valid(valid: Tensor | None, features: Tensor) -> Tensor | None:
    """Share of valid pixels under each feature (n, channels, *space), or in the image for features without
    places; None if all pixels are valid."""
    if valid is None:
        return None
    share, places = at_least_float32(valid.to(features)), features.shape[2:]
    if len(places) != share.dim() - 2:
        return share.flatten(1).mean(1).view(-1, *[1] * (features.dim() - 1))
    return layers_of(Shape(1, *places)).average(share, places)
