"""Objectives whose measure of likeness is a discriminator's features: Dis_l(x), Larsen et al. 2016."""

from dataclasses import field
from typing import Any, ClassVar

import torch
from torch import nn

from likeness.likelihoods import FeatureLikelihood, LearnedNormal
from likeness.nets import Family, Judged, Players
from likeness.objectives._objective import Coding
from likeness.posteriors import Gaussian
from likeness.priors import ClosedFormPrior, Normal
from likeness.settings import NonNegative, Pairs, settings
from likeness.shapes import Images, ImageShape, PerSample


@settings
class FeatureCoding(Coding):
    """A Gaussian encoder and a decoder, judged in the features of a discriminator."""

    posterior: ClassVar[Gaussian] = Gaussian()

    prior: ClosedFormPrior = Normal()
    """Prior of the codes, with a closed form of L_prior."""
    beta: NonNegative = 1.0
    """Weight of L_prior against the feature error, which is summed over features."""
    layers: Pairs = field(default_factory=dict)
    """Layers l of the discriminator, by name or index, several with weights: `conv2:0.5,conv3:1`;
    when empty, the one that its network family recommends (`conv3` of larsen, as in the paper)."""
    feature_likelihood: FeatureLikelihood = LearnedNormal()
    """How the features of an image differ from those of its reconstruction. A learned variance keeps
    L_prior and the feature error in proportion whatever the scale of the features; the paper's is
    `normal` of variance 1."""

    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        Dis = net.discriminator(shape)
        scale = {"scale": self._scales(Dis, shape)} if self.feature_likelihood.learned else {}
        return super().players(net, shape) | {"discriminator": Dis} | scale

    def _scales(self, Dis: Any, shape: ImageShape) -> nn.ModuleDict:
        shapes = Dis.shapes(shape)
        scales = {l: self.feature_likelihood.scale(shapes[l][0]) for l in self.chosen(Dis)}
        return nn.ModuleDict({l: scale for l, scale in scales.items() if scale})

    def chosen(self, Dis: Any) -> dict[str, float]:
        """Names of the layers l, each with its weight."""
        layers = self.layers or {Dis.default_layer: 1.0}
        return {Dis.resolve(layer): weight for layer, weight in layers.items()}

    def llike(self, nets: Players, real: Judged, made: Judged) -> PerSample:
        """-log N(Dis_l(x) | Dis_l(x_tilde), sigma^2), summed over features and layers."""
        scales = nets["scale"] if self.feature_likelihood.learned else {}
        terms = [
            -w
            * self.feature_likelihood.log_prob(
                real.features[l], made.features[l], scales[l] if scales else None
            )
            for l, w in self.chosen(nets["discriminator"]).items()
        ]
        return torch.stack(terms).sum(0)

    def size(self, Dis: Any, judged: Judged) -> int:
        """How many features the chosen layers have for one image."""
        return sum(judged.features[l][0].numel() for l in self.chosen(Dis))


def judge_together(Dis: Any, *images: Images) -> tuple[Judged, ...]:
    """Each of `images` judged, all in one batch: they share its BatchNorm statistics."""
    n = len(images[0])
    logits, features = Dis(torch.cat(images))
    return tuple(
        Judged(logits[k : k + n], {l: f[k : k + n] for l, f in features.items()})
        for k in range(0, n * len(images), n)
    )
