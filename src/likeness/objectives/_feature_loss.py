"""Reconstruction error in the features of a discriminator: Dis_l(x), Larsen et al. 2016."""

from dataclasses import field
from typing import Any

import torch
from torch import nn

from likeness.batch import Batch
from likeness.likelihoods import FeatureLikelihood, LearnedNormal
from likeness.nets import DiscriminatorOutput, Players, share_of_valid
from likeness.settings import Pairs, settings
from likeness.shapes import Images, PerSample, Shape


@settings
class FeatureLoss:
    """The feature error: layers of the discriminator, and a likelihood of their features."""

    layers: Pairs = field(default_factory=dict)
    """Layers l of the discriminator by name or index, several with weights: `conv2:0.5,conv3:1`. Empty is
    the layer that the network family recommends (`conv3` of larsen, as in the paper)."""
    feature_likelihood: FeatureLikelihood = LearnedNormal()
    """Likelihood of the features of an image given those of its reconstruction. A learned variance balances
    L_prior and the feature error at any scale of the features; the paper has `normal` with variance 1."""

    @property
    def players(self) -> tuple[str, ...]:
        """Name of the network that learns the variance, if there is one."""
        return ("scale",) if self.feature_likelihood.learns_scale else ()

    def networks(self, Dis: Any, shape: Shape) -> dict[str, nn.Module]:
        """The network that learns the variance of each chosen layer, if there is one."""
        if not self.feature_likelihood.learns_scale:
            return {}
        shapes = Dis.feature_shapes(shape)
        scales = {l: self.feature_likelihood.scale(shapes[l][0]) for l in self.layer_weights(Dis)}
        return {"scale": nn.ModuleDict({l: scale for l, scale in scales.items() if scale})}

    def layer_weights(self, Dis: Any) -> dict[str, float]:
        """The chosen layers l by name, with their weights."""
        layers = self.layers or {Dis.default_layer: 1.0}
        return {Dis.resolve_layer(layer): weight for layer, weight in layers.items()}

    def llike(
        self, nets: Players, batch: Batch, real: DiscriminatorOutput, reconstructed: DiscriminatorOutput
    ) -> PerSample:
        """-log N(Dis_l(x) | Dis_l(x_tilde), sigma^2), summed over features and layers."""
        scales = nets["scale"] if self.feature_likelihood.learns_scale else {}
        terms = []
        for l, w in self.layer_weights(nets["discriminator"]).items():
            x, x_tilde, scale = real.features[l], reconstructed.features[l], scales[l] if scales else None
            weight = share_of_valid(batch.valid, x)
            terms.append(-w * self.feature_likelihood.log_prob(x, x_tilde, scale, weight))
        return torch.stack(terms).sum(0)

    def feature_count(self, Dis: Any, output: DiscriminatorOutput) -> int:
        """Number of features of one image in the chosen layers."""
        return sum(output.features[l][0].numel() for l in self.layer_weights(Dis))


def discriminate_jointly(Dis: Any, *images: Images) -> tuple[DiscriminatorOutput, ...]:
    """Outputs for several sets of n images in one batch: they share its BatchNorm statistics."""
    n = images[0].shape[0]
    logits, features = Dis(torch.cat(images))
    return tuple(
        DiscriminatorOutput(logits[k : k + n], {l: f[k : k + n] for l, f in features.items()})
        for k in range(0, n * len(images), n)
    )
