"""The base class of learned metrics: which images they compare, and what is asked of them."""

from abc import abstractmethod
from pathlib import Path
from typing import Any, Literal

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch._C._functorch import is_functorch_wrapped_tensor
from torch.utils._python_dispatch import is_in_torch_dispatch_mode

from likeness import registry
from likeness.batching import in_batches
from likeness.data.reading.given import images_of
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.nets import Family
from likeness.shapes import Images, PerSample, Scalar, Shape

RANGE_TOLERANCE = 1e-3
"""Most distance of values of images from [-1, 1]."""
UncheckedImages = Float[Tensor, "_ _ ..."]
"""Images whose shape and range are not checked yet."""
Reduction = Literal["none", "mean", "sum"]
REDUCTIONS = {"none": lambda distances: distances, "mean": torch.mean, "sum": torch.sum}


class ImageMetric(nn.Module):
    """A distance of two images: deterministic, differentiable in both, 0 for equal images, with weights
    that are never trained.

    Weights of any floating type (`.half()`, `.bfloat16()`, `.double()`) accept images of any: layers
    compute in the type and on the device of the weights, lengths and distances in float32 at least. Results
    are on the device of the first images, in float32, or in float64 for float64 images. Raises UserError
    for an unknown reduction.
    """

    def __init__(
        self, shape: Shape, scaling: Scaling, data: DataSettings, reduction: Reduction = "none"
    ) -> None:
        super().__init__()
        if reduction not in REDUCTIONS:
            near = registry.suggestion(str(reduction), list(REDUCTIONS))
            raise UserError(f"there is no reduction {reduction!r}; {near}")
        self.shape, self.scaling, self.data, self.reduction = shape, scaling, data, reduction

    def train(self, mode: bool = True) -> "ImageMetric":
        """Stay in evaluation mode, also as a part of another module."""
        return super().train(False)

    def forward(
        self, a: UncheckedImages, b: UncheckedImages, valid: Bool[Tensor, "_ 1 ..."] | None = None
    ) -> PerSample | Scalar:
        """The distance of each pair of images in [-1, 1], or the mean or sum of all, by the `reduction`.

        Pixels that are not `valid` are equal in both images, and places are weighted by their share of
        valid pixels where the metric has places. Raises UserError for images of another shape, or with
        values out of range; values are checked only on a CPU, and not while a program is traced.
        """
        return REDUCTIONS[self.reduction](self._distances(a, b, valid))

    @property
    @abstractmethod
    def net(self) -> Family:
        """The network family of the discriminator that it was learned with."""

    @abstractmethod
    def map(self, a: UncheckedImages, b: UncheckedImages) -> Float[Tensor, "_ ..."]:
        """A map of the distance at each place; its mean is about the distance. Raises UserError as
        `forward` does."""

    @abstractmethod
    def embed(self, x: Images) -> Float[Tensor, "n k"]:
        """Embeddings (n, k) whose squared Euclidean distances are the distances of the metric. Raises
        UserError as `forward` does."""

    @abstractmethod
    def save(self, folder: str | Path) -> Path:
        """Write the metric to a folder and return its path: weights in float32, without reduction, type and
        device. Raises UserError if the folder exists, RunError if the disk is full."""

    @torch.no_grad()
    def distances(self, a: Images, b: Images) -> PerSample:
        """The distance of each pair of images (n,), computed in batches, without a reduction."""
        return in_batches(self._distances, a, b)

    def images(self, paths: "list[str | Path]") -> Images:
        """Images in [-1, 1] from files. Raises UserError if one has another size or other channels."""
        return images_of(paths, self.scaling, self.shape, self.data)

    def scale(self, arrays: Any) -> Images:
        """Images (n, c, h, w) in [-1, 1] from arrays (n, h, w, c) in the type and range of the data. Raises
        UserError for another type."""
        if arrays.dtype.name != self.scaling.dtype:
            raise UserError(
                f"images are {arrays.dtype}, the metric was trained on {self.scaling.dtype}; convert them"
            )
        return self.scaling.to_unit(arrays)

    @abstractmethod
    def _distances(
        self, a: UncheckedImages, b: UncheckedImages, valid: Bool[Tensor, "_ 1 ..."] | None = None
    ) -> PerSample: ...

    def _check(self, x: UncheckedImages) -> None:
        """Raises UserError for images of another shape, or out of range."""
        if tuple(x.shape[1:]) != tuple(self.shape):
            raise UserError(
                f"images are {tuple(x.shape[1:])}, this metric compares {tuple(self.shape)} (channels, "
                "then sides); resize them or take another metric"
            )
        if x.numel() and not x.requires_grad and _is_readable(x):
            largest = float(x.abs().amax())
            if largest > 1 + RANGE_TOLERANCE:
                raise UserError(
                    f"images have values up to {largest:.3g}, this metric takes -1 to 1; scale them"
                )


def check_pairs(a: UncheckedImages, b: UncheckedImages) -> None:
    """Raises UserError where there are not as many of each."""
    if a.shape[0] != b.shape[0]:  # `len` would fix the number of images in a traced program
        raise UserError(f"{a.shape[0]} images are compared with {b.shape[0]}; give pairs")


def convert_result(result: Tensor, *images: Tensor) -> Tensor:
    """A result on the device of the first images, in float32, or in float64 if some images are float64."""
    double = any(x.dtype == torch.float64 for x in images)
    return result.to(images[0].device, torch.float64 if double else torch.float32)


def _is_readable(x: Tensor) -> bool:
    """Whether values of a tensor can be read without waiting for a GPU at each step of a training; while a
    program is traced, and inside of torch.func, there are none to read."""
    traced = torch.compiler.is_compiling() or is_in_torch_dispatch_mode() or is_functorch_wrapped_tensor(x)
    return type(x) is Tensor and x.device.type == "cpu" and not traced
