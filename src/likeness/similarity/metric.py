"""The learned measure of likeness: a frozen distance of images in the features of a discriminator.

Larsen et al. 2016, section 2.1, with features of unit length as in Zhang et al. 2018, equation 1.
"""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from likeness.batch import FILL
from likeness.errors import UserError
from likeness.nets import Discriminator, layers_of, share_of_valid, through
from likeness.shapes import Images, PerSample, Shape

SLACK = 1e-3
"""How far outside of [-1, 1] values of images may lie."""
TINY = 1e-10
Given = Float[Tensor, "_ _ ..."]
"""Images, to be checked."""


class Similarity(nn.Module):
    """A distance of two images: deterministic, differentiable in both, never changed by training.

    At each place of each layer features are brought to unit length (unless `unit` is False), and the
    squared distance is averaged over places, or over all features where they are left as they are.
    0 is the same image. Where the discriminator takes a condition, there is one for all images. A loss:
    `metric(made, images).mean()`.
    """

    def __init__(
        self,
        Dis: Discriminator,
        layers: Mapping[str, float],
        shape: Shape,
        unit: bool = True,
        condition: Float[Tensor, "1 a"] | None = None,
    ) -> None:
        super().__init__()
        self.condition: Tensor | None
        self.register_buffer("condition", condition)
        self.weights = {Dis.resolve(layer): weight for layer, weight in layers.items()}
        last = max(Dis.layer_names.index(layer) for layer in self.weights)
        self.layers = nn.ModuleDict({name: Dis.layers[name] for name in Dis.layer_names[: last + 1]})
        self.shape, self.unit = shape, unit
        self.eval().requires_grad_(False)

    def train(self, mode: bool = True) -> "Similarity":
        """Stay in evaluation mode, whatever module this is a part of."""
        return super().train(False)

    def forward(self, a: Given, b: Given, valid: Bool[Tensor, "_ 1 ..."] | None = None) -> PerSample:
        """The distance of each pair of images in [-1, 1].

        Pixels that are not `valid`, in one or the other, are alike in both, and places count by the share
        of valid pixels beneath them. Raises UserError for images of another shape, or with values out of
        range.
        """
        if valid is not None:
            a, b = a.where(valid, FILL), b.where(valid, FILL)
        return torch.stack([_mean(places, valid) for places in self._apart(a, b)]).sum(0)

    def map(self, a: Given, b: Given) -> Float[Tensor, "_ ..."]:
        """Where they differ: the distance at each place; its mean is about the distance."""
        mode = layers_of(self.shape).interpolation
        maps = [F.interpolate(p, self.shape.space, mode=mode) for p in self._apart(a, b)]
        return torch.stack(maps).sum(0)[:, 0]

    def embedded(self, x: Images) -> Float[Tensor, "n k"]:
        """Vectors of images whose squared Euclidean distances are those of the metric. Raises UserError as
        distances do."""
        self._check(x)
        parts = []
        for layer, f in self.features(x).items():
            f = _unit(f) if self.unit else f / f.shape[1] ** 0.5
            parts.append((f * (self.weights[layer] / f[0, 0].numel()) ** 0.5).flatten(1))
        return torch.cat(parts, 1)

    def features(self, x: Images) -> dict[str, Float[Tensor, "n k *places"]]:
        """The chosen layers' features of images."""
        found = {}
        for name, layer in self.layers.items():
            x = through(layer, x, self.condition)
            if name in self.weights:
                found[name] = x if x.dim() > 2 else x.unflatten(1, (-1, *(1 for _ in self.shape.space)))
        return found

    def _apart(self, a: Given, b: Given) -> list[Float[Tensor, "_ 1 ..."]]:
        self._check(a)
        self._check(b)
        if len(a) != len(b):
            raise UserError(f"{len(a)} images are compared with {len(b)}; give pairs")
        of_a, of_b = self.features(a), self.features(b)
        return [weight * self._squared(of_a[layer], of_b[layer]) for layer, weight in self.weights.items()]

    def _squared(
        self, f: Float[Tensor, "n k *places"], g: Float[Tensor, "n k *places"]
    ) -> Float[Tensor, "n 1 *places"]:
        if self.unit:
            return ((_unit(f) - _unit(g)) ** 2).sum(1, keepdim=True)
        return ((f - g) ** 2).mean(1, keepdim=True)

    def _check(self, x: Given) -> None:
        if tuple(x.shape[1:]) != tuple(self.shape):
            raise UserError(
                f"images are {tuple(x.shape[1:])}, this metric compares {tuple(self.shape)} (channels, "
                "then sides); resize them or take another metric"
            )
        if len(x) and not x.requires_grad and float(x.abs().amax()) > 1 + SLACK:
            raise UserError(
                f"images have values up to {float(x.abs().amax()):.3g}, this metric takes -1 to 1; "
                "scale them"
            )


def _mean(places: Float[Tensor, "n 1 *places"], valid: Bool[Tensor, "n 1 ..."] | None) -> PerSample:
    """The mean over places, weighed by what is valid; nothing where nothing is."""
    share = share_of_valid(valid, places)
    if share is None:
        return places.flatten(1).mean(1)
    return (places * share).flatten(1).sum(1) / share.flatten(1).sum(1).clamp_min(TINY)


def _unit(features: Float[Tensor, "n k *places"]) -> Float[Tensor, "n k *places"]:
    """Features of unit length at each place."""
    return features / (features.square().sum(1, keepdim=True) + TINY).sqrt()
