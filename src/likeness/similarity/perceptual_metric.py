"""The learned measure of likeness: a frozen distance of images in the features of a discriminator.

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

SLACK = 1e-3
"""How far outside of [-1, 1] values of images may lie."""
TINY = 1e-10
Given = Float[Tensor, "_ _ ..."]
"""Images, to be checked."""
Reduction = Literal["none", "mean", "sum"]
REDUCTIONS = {"none": lambda distances: distances, "mean": torch.mean, "sum": torch.sum}


class PerceptualMetric(nn.Module):
    """A distance of two images: deterministic, differentiable in both, never changed by training.

    At each place of each layer features are brought to unit length (unless `unit` is False), and the
    squared distance is averaged over places, or over all features where they are left as they are.
    0 is the same image. Where the discriminator takes a condition, there is one for all images.

    Weights of any floating type (`.half()`, `.bfloat16()`, `.double()`) take images of any: layers compute
    in the weights' type and place, lengths and distances in float32 at least. Results are where the first
    images are, float32, of float64 images float64. Raises UserError for a reduction or a layer that there
    is not.
    """

    def __init__(self, parts: Parts, reduction: Reduction = "none") -> None:
        super().__init__()
        if reduction not in REDUCTIONS:
            near = registry.suggestion(str(reduction), list(REDUCTIONS))
            raise UserError(f"there is no reduction {reduction!r}; {near}")
        Dis = copy.deepcopy(parts.Dis)  # which is frozen here, and stays as it is for whoever gave it
        chosen = parts.layers or {Dis.default_layer: 1.0}
        self.weights = {Dis.resolve_layer(layer): weight for layer, weight in chosen.items()}
        last = max(Dis.layer_names.index(layer) for layer in self.weights)
        self.layers = nn.ModuleDict({name: Dis.layers[name] for name in Dis.layer_names[: last + 1]})
        self.condition: Tensor | None
        self.register_buffer("condition", None if parts.condition is None else parts.condition.clone())
        self.parts = replace(parts, Dis=Dis)
        self.shape, self.unit, self.reduction = parts.shape, parts.unit, reduction
        self.eval().requires_grad_(False)

    def train(self, mode: bool = True) -> "PerceptualMetric":
        """Stay in evaluation mode, whatever module this is a part of."""
        return super().train(False)

    def forward(
        self, a: Given, b: Given, valid: Bool[Tensor, "_ 1 ..."] | None = None
    ) -> PerSample | Scalar:
        """The distance of each pair of images in [-1, 1], or the mean or sum of all, as `reduction` says.

        Pixels that are not `valid`, in one or the other, are alike in both, and places count by the share
        of valid pixels beneath them. Raises UserError for images of another shape, or with values out of
        range, which are looked at on a CPU alone, and not while a program is traced.
        """
        return REDUCTIONS[self.reduction](self._distances(a, b, valid))

    def map(self, a: Given, b: Given) -> Float[Tensor, "_ ..."]:
        """Where they differ: the distance at each place; its mean is about the distance."""
        mode = layers_of(self.shape).interpolation
        maps = [F.interpolate(p, self.shape.space, mode=mode) for p in self._apart(a, b)]
        return _returned(torch.stack(maps).sum(0)[:, 0], a, b)

    def embedded(self, x: Images) -> Float[Tensor, "n k"]:
        """Vectors of images whose squared Euclidean distances are those of the metric. Raises UserError as
        distances do."""
        parts = []
        for layer, f in self._features(x).items():
            f = _unit(f) if self.unit else f / f.shape[1] ** 0.5
            parts.append((f * (self.weights[layer] / math.prod(f.shape[2:])) ** 0.5).flatten(1))
        return _returned(torch.cat(parts, 1), x)

    def features(self, x: Images) -> dict[str, Float[Tensor, "n k *places"]]:
        """The chosen layers' features of images. Raises UserError as distances do."""
        return {layer: _returned(f, x) for layer, f in self._features(x).items()}

    @torch.no_grad()
    def measured(self, a: Images, b: Images) -> PerSample:
        """The distance of each pair of many images, some at a time, whatever the reduction."""
        return in_batches(self._distances, a, b)

    def images(self, paths: "list[str | Path]") -> Images:
        """Image files as the metric takes them. UserError if one has another size or channels."""
        return images_of(paths, self.parts.scaling, self.shape, self.parts.data)

    def scaled(self, arrays: Any) -> Images:
        """Images (n, h, w, c) in the data's own type and range, as the metric takes them."""
        if arrays.dtype.name != self.parts.scaling.dtype:
            raise UserError(
                f"images are {arrays.dtype}, the metric was trained on {self.parts.scaling.dtype}; "
                "convert them"
            )
        return self.parts.scaling.to_unit(arrays)

    def save(self, folder: str | Path) -> Path:
        """Write the metric alone: what it measures, with weights in float32, and not how a program uses it
        (its reduction, type and device). UserError if something is there, RunError if there is no room."""
        return write_parts(replace(self.parts, layers=self.weights, condition=self.condition), folder)

    def _distances(self, a: Given, b: Given, valid: Bool[Tensor, "_ 1 ..."] | None = None) -> PerSample:
        if valid is not None:
            a, b = a.where(valid, FILL), b.where(valid, FILL)
        means = [_mean(places, valid) for places in self._apart(a, b)]
        return _returned(torch.stack(means).sum(0), a, b)

    def _apart(self, a: Given, b: Given) -> list[Float[Tensor, "_ 1 ..."]]:
        if a.shape[0] != b.shape[0]:  # `len` would fix the number of images in a traced program
            raise UserError(f"{a.shape[0]} images are compared with {b.shape[0]}; give pairs")
        of_a, of_b = self._features(a), self._features(b)
        return [weight * self._squared(of_a[layer], of_b[layer]) for layer, weight in self.weights.items()]

    def _squared(
        self, f: Float[Tensor, "n k *places"], g: Float[Tensor, "n k *places"]
    ) -> Float[Tensor, "n 1 *places"]:
        if self.unit:
            return ((_unit(f) - _unit(g)) ** 2).sum(1, keepdim=True)
        return ((f - g) ** 2).mean(1, keepdim=True)

    def _features(self, x: Given) -> dict[str, Float[Tensor, "_ k ..."]]:
        """In float32, or float64 where the weights are."""
        self._check(x)
        x, found = x.to(next(self.parameters(), x)), {}
        for name, layer in self.layers.items():
            x = apply_layer(layer, x, self.condition)
            if name in self.weights:
                places = x if x.dim() > 2 else x.unflatten(1, (-1, *(1 for _ in self.shape.space)))
                found[name] = at_least_float32(places)
        return found

    def _check(self, x: Given) -> None:
        if tuple(x.shape[1:]) != tuple(self.shape):
            raise UserError(
                f"images are {tuple(x.shape[1:])}, this metric compares {tuple(self.shape)} (channels, "
                "then sides); resize them or take another metric"
            )
        if x.numel() and not x.requires_grad and _is_at_hand(x):
            largest = float(x.abs().amax())
            if largest > 1 + SLACK:
                raise UserError(
                    f"images have values up to {largest:.3g}, this metric takes -1 to 1; scale them"
                )


def _is_at_hand(x: Tensor) -> bool:
    """Whether values are read. A GPU would be waited for at each step of a training, so that only those in
    a CPU's memory are; while a program is traced, and inside of torch.func, there are none to read."""
    traced = torch.compiler.is_compiling() or is_in_torch_dispatch_mode() or is_functorch_wrapped_tensor(x)
    return type(x) is Tensor and x.device.type == "cpu" and not traced


def _returned(result: Tensor, *images: Tensor) -> Tensor:
    """A result where the first images are, in float32, or in float64 where some images are that."""
    double = any(x.dtype == torch.float64 for x in images)
    return result.to(images[0].device, torch.float64 if double else torch.float32)


def _mean(places: Float[Tensor, "n 1 *places"], valid: Bool[Tensor, "n 1 ..."] | None) -> PerSample:
    """The mean over places, weighed by what is valid; nothing where nothing is."""
    share = share_of_valid(valid, places)
    if share is None:
        return places.flatten(1).mean(1)
    return (places * share).flatten(1).sum(1) / share.flatten(1).sum(1).clamp_min(TINY)


def _unit(features: Float[Tensor, "n k *places"]) -> Float[Tensor, "n k *places"]:
    """Features of unit length at each place."""
    return features / (features.square().sum(1, keepdim=True) + TINY).sqrt()
