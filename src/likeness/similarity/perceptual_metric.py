"""The perceptual metric: a frozen distance of images in the features of a discriminator.

Larsen et al. 2016, section 2.1, with features of unit length as in Zhang et al. 2018, equation 1.
"""

import copy
import math
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch._C._functorch import is_functorch_wrapped_tensor
from torch.utils._python_dispatch import is_in_torch_dispatch_mode

from likeness import registry
from likeness.batch import FILL
from likeness.batching import in_batches
from likeness.data.reading.given import images_of
from likeness.errors import UserError
from likeness.losses import at_least_float32
from likeness.nets import apply_layer, layers_of, share_of_valid
from likeness.shapes import Images, PerSample, Scalar
from likeness.similarity.parts import Parts, write_parts

RANGE_TOLERANCE = 1e-3
"""Most distance of values of images from [-1, 1]."""
EPSILON = 1e-10
"""Least squared length of features, and least weight of places, in divisions."""
UncheckedImages = Float[Tensor, "_ _ ..."]
"""Images whose shape and range are not checked yet."""
Reduction = Literal["none", "mean", "sum"]
REDUCTIONS = {"none": lambda distances: distances, "mean": torch.mean, "sum": torch.sum}


class PerceptualMetric(nn.Module):
    """A distance of two images: deterministic, differentiable in both, with weights that are never trained.

    At each place of each layer features are scaled to unit length (unless `unit` is False), and the squared
    distance is averaged over places, or over all features if they are not scaled. The distance is 0 for
    equal images. If the discriminator takes a condition, all images are compared under the same one.

    Weights of any floating type (`.half()`, `.bfloat16()`, `.double()`) accept images of any: layers
    compute in the type and on the device of the weights, lengths and distances in float32 at least. Results
    are on the device of the first images, in float32, or in float64 for float64 images. Raises UserError
    for an unknown reduction or layer.
    """

    def __init__(self, parts: Parts, reduction: Reduction = "none") -> None:
        super().__init__()
        if reduction not in REDUCTIONS:
            near = registry.suggestion(str(reduction), list(REDUCTIONS))
            raise UserError(f"there is no reduction {reduction!r}; {near}")
        Dis = copy.deepcopy(parts.Dis)  # frozen here, while the caller's stays as it is
        layers = parts.layers or {Dis.default_layer: 1.0}
        self.weights = {Dis.resolve_layer(layer): weight for layer, weight in layers.items()}
        last = max(Dis.layer_names.index(layer) for layer in self.weights)
        self.layers = nn.ModuleDict({name: Dis.layers[name] for name in Dis.layer_names[: last + 1]})
        self.condition: Tensor | None
        self.register_buffer("condition", None if parts.condition is None else parts.condition.clone())
        self.parts = replace(parts, Dis=Dis)
        self.shape, self.unit, self.reduction = parts.shape, parts.unit, reduction
        self.eval().requires_grad_(False)

    def train(self, mode: bool = True) -> "PerceptualMetric":
        """Stay in evaluation mode, also as a part of another module."""
        return super().train(False)

    def forward(
        self, a: UncheckedImages, b: UncheckedImages, valid: Bool[Tensor, "_ 1 ..."] | None = None
    ) -> PerSample | Scalar:
        """The distance of each pair of images in [-1, 1], or the mean or sum of all, by the `reduction`.

        Pixels that are not `valid` are equal in both images, and places are weighted by their share of
        valid pixels. Raises UserError for images of another shape, or with values out of range; values are
        checked only on a CPU, and not while a program is traced.
        """
        return REDUCTIONS[self.reduction](self._distances(a, b, valid))

    def map(self, a: UncheckedImages, b: UncheckedImages) -> Float[Tensor, "_ ..."]:
        """A map of the distance at each place; its mean is about the distance. Raises UserError as
        `forward` does."""
        mode = layers_of(self.shape).interpolation
        maps = [F.interpolate(p, self.shape.space, mode=mode) for p in self._place_distances(a, b)]
        return _convert_result(torch.stack(maps).sum(0)[:, 0], a, b)

    def embed(self, x: Images) -> Float[Tensor, "n k"]:
        """Embeddings (n, k) whose squared Euclidean distances are the distances of the metric. Raises
        UserError as `forward` does."""
        parts = []
        for layer, f in self._features(x).items():
            f = _normalize(f) if self.unit else f / f.shape[1] ** 0.5
            parts.append((f * (self.weights[layer] / math.prod(f.shape[2:])) ** 0.5).flatten(1))
        return _convert_result(torch.cat(parts, 1), x)

    def features(self, x: Images) -> dict[str, Float[Tensor, "n k *places"]]:
        """Features of images in each layer of the metric. Raises UserError as `forward` does."""
        return {layer: _convert_result(f, x) for layer, f in self._features(x).items()}

    @torch.no_grad()
    def distances(self, a: Images, b: Images) -> PerSample:
        """The distance of each pair of images (n,), computed in batches, without a reduction."""
        return in_batches(self._distances, a, b)

    def images(self, paths: "list[str | Path]") -> Images:
        """Images in [-1, 1] from files. Raises UserError if one has another size or other channels."""
        return images_of(paths, self.parts.scaling, self.shape, self.parts.data)

    def scale(self, arrays: Any) -> Images:
        """Images (n, c, h, w) in [-1, 1] from arrays (n, h, w, c) in the type and range of the data. Raises
        UserError for another type."""
        if arrays.dtype.name != self.parts.scaling.dtype:
            raise UserError(
                f"images are {arrays.dtype}, the metric was trained on {self.parts.scaling.dtype}; "
                "convert them"
            )
        return self.parts.scaling.to_unit(arrays)

    def save(self, folder: str | Path) -> Path:
        """Write the metric to a folder and return its path: weights in float32, without reduction, type and
        device. Raises UserError if the folder exists, RunError if the disk is full."""
        return write_parts(replace(self.parts, layers=self.weights, condition=self.condition), folder)

    def _distances(
        self, a: UncheckedImages, b: UncheckedImages, valid: Bool[Tensor, "_ 1 ..."] | None = None
    ) -> PerSample:
        if valid is not None:
            a, b = a.where(valid, FILL), b.where(valid, FILL)
        means = [_mean_over_places(places, valid) for places in self._place_distances(a, b)]
        return _convert_result(torch.stack(means).sum(0), a, b)

    def _place_distances(self, a: UncheckedImages, b: UncheckedImages) -> list[Float[Tensor, "_ 1 ..."]]:
        if a.shape[0] != b.shape[0]:  # `len` would fix the number of images in a traced program
            raise UserError(f"{a.shape[0]} images are compared with {b.shape[0]}; give pairs")
        of_a, of_b = self._features(a), self._features(b)
        return [
            weight * self._squared_differences(of_a[layer], of_b[layer])
            for layer, weight in self.weights.items()
        ]

    def _squared_differences(
        self, f: Float[Tensor, "n k *places"], g: Float[Tensor, "n k *places"]
    ) -> Float[Tensor, "n 1 *places"]:
        if self.unit:
            return ((_normalize(f) - _normalize(g)) ** 2).sum(1, keepdim=True)
        return ((f - g) ** 2).mean(1, keepdim=True)

    def _features(self, x: UncheckedImages) -> dict[str, Float[Tensor, "_ k ..."]]:
        """Features of images in each layer of the metric, in float32 or in float64."""
        self._check(x)
        x, features = x.to(next(self.parameters(), x)), {}
        for name, layer in self.layers.items():
            x = apply_layer(layer, x, self.condition)
            if name in self.weights:
                places = x if x.dim() > 2 else x.unflatten(1, (-1, *(1 for _ in self.shape.space)))
                features[name] = at_least_float32(places)
        return features

    def _check(self, x: UncheckedImages) -> None:
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


def _is_readable(x: Tensor) -> bool:
    """Whether values of a tensor can be read without waiting for a GPU at each step of a training; while a
    program is traced, and inside of torch.func, there are none to read."""
    traced = torch.compiler.is_compiling() or is_in_torch_dispatch_mode() or is_functorch_wrapped_tensor(x)
    return type(x) is Tensor and x.device.type == "cpu" and not traced


def _convert_result(result: Tensor, *images: Tensor) -> Tensor:
    """A result on the device of the first images, in float32, or in float64 if some images are float64."""
    double = any(x.dtype == torch.float64 for x in images)
    return result.to(images[0].device, torch.float64 if double else torch.float32)


def _mean_over_places(
    places: Float[Tensor, "n 1 *places"], valid: Bool[Tensor, "n 1 ..."] | None
) -> PerSample:
    """The mean over places, weighted by their share of valid pixels; 0 if no pixel is valid."""
    share = share_of_valid(valid, places)
    if share is None:
        return places.flatten(1).mean(1)
    return (places * share).flatten(1).sum(1) / share.flatten(1).sum(1).clamp_min(EPSILON)


def _normalize(features: Float[Tensor, "n k *places"]) -> Float[Tensor, "n k *places"]:
    """Features scaled to unit length at each place."""
    return features / (features.square().sum(1, keepdim=True) + EPSILON).sqrt()
