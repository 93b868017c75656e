"""The perceptual metric: a frozen distance of images in the features of a discriminator.

Larsen et al. 2016, section 2.1, with features of unit length as in Zhang et al. 2018, equation 1.
"""

import copy
import math
from dataclasses import replace
from pathlib import Path

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from likeness.batch import FILL
from likeness.losses import at_least_float32
from likeness.nets import Family, apply_layer, layers_of, share_of_valid
from likeness.shapes import Images, PerSample
from likeness.similarity.image_metric import (
    ImageMetric,
    Reduction,
    UncheckedImages,
    check_pairs,
    convert_result,
)
from likeness.similarity.parts import Parts, write_parts

EPSILON = 1e-10
"""Least squared length of features, and least weight of places, in divisions."""


class PerceptualMetric(ImageMetric):
    """A distance of two images in features of layers of a discriminator, frozen.

    At each place of each layer features are scaled to unit length (unless `unit` is False), and the squared
    distance is averaged over places, or over all features if they are not scaled. If the discriminator
    takes a condition, all images are compared under the same one. Raises UserError for an unknown layer.
    """

    def __init__(self, parts: Parts, reduction: Reduction = "none") -> None:
        super().__init__(parts.shape, parts.scaling, parts.data, reduction)
        Dis = copy.deepcopy(parts.Dis)  # frozen here, while the caller's stays as it is
        layers = parts.layers or {Dis.default_layer: 1.0}
        self.weights = {Dis.resolve_layer(layer): weight for layer, weight in layers.items()}
        last = max(Dis.layer_names.index(layer) for layer in self.weights)
        self.layers = nn.ModuleDict({name: Dis.layers[name] for name in Dis.layer_names[: last + 1]})
        self.condition: Tensor | None
        self.register_buffer("condition", None if parts.condition is None else parts.condition.clone())
        self.parts = replace(parts, Dis=Dis)
        self.unit = parts.unit
        self.eval().requires_grad_(False)

    @property
    def net(self) -> Family:
        """The network family of the discriminator that it was learned with."""
        return self.parts.net

    def map(self, a: UncheckedImages, b: UncheckedImages) -> Float[Tensor, "_ ..."]:
        """A map of the distance at each place; its mean is about the distance. Raises UserError as
        `forward` does."""
        mode = layers_of(self.shape).interpolation
        maps = [F.interpolate(p, self.shape.space, mode=mode) for p in self._place_distances(a, b)]
        return convert_result(torch.stack(maps).sum(0)[:, 0], a, b)

    def embed(self, x: Images) -> Float[Tensor, "n k"]:
        """Embeddings (n, k) whose squared Euclidean distances are the distances of the metric. Raises
        UserError as `forward` does."""
        parts = []
        for layer, f in self._features(x).items():
            f = _normalize(f) if self.unit else f / f.shape[1] ** 0.5
            parts.append((f * (self.weights[layer] / math.prod(f.shape[2:])) ** 0.5).flatten(1))
        return convert_result(torch.cat(parts, 1), x)

    def features(self, x: Images) -> dict[str, Float[Tensor, "n k *places"]]:
        """Features of images in each layer of the metric. Raises UserError as `forward` does."""
        return {layer: convert_result(f, x) for layer, f in self._features(x).items()}

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
        return convert_result(torch.stack(means).sum(0), a, b)

    def _place_distances(self, a: UncheckedImages, b: UncheckedImages) -> list[Float[Tensor, "_ 1 ..."]]:
        check_pairs(a, b)
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
