"""A class and a style, both from the encoder: q(y, z|x) of Makhzani et al. 2015, section 5."""

from functools import partial
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.codes._classes import ClassCode
from likeness.codes._code import CodeShape
from likeness.codes._joined_posterior import JoinedPosterior
from likeness.codes.labels import one_hot
from likeness.losses import at_least_float32
from likeness.nets import Family, Players
from likeness.posteriors import Posterior, PosteriorFamily
from likeness.settings import settings
from likeness.shapes import Codes, FullCodes, Images, Labels, Probabilities, Scalar, Shape


@settings
class ClassAndStyle(ClassCode):
    """Codes (n, classes + latent): the probabilities of the classes, then the style."""

    classifies: ClassVar[bool] = True

    def shape(self, net: Family, shape: Shape) -> CodeShape:
        return (self.classes + self.latent,)

    def encoder_output_shape(self, outputs_per_dim: int, net: Family, shape: Shape) -> CodeShape:
        return (self.classes + outputs_per_dim * self.latent,)

    def split(self, outputs: Float[Tensor, "n o"]) -> tuple[Float[Tensor, "n k"], Float[Tensor, "n s"]]:
        """Logits of the classes (n, k) and outputs for the posterior of the style (n, s)."""
        return at_least_float32(outputs[:, : self.classes]), outputs[:, self.classes :]

    def join(self, nets: Players, y: Probabilities, z: Codes) -> FullCodes:
        """Full codes from class probabilities (n, k) and styles (n, d)."""
        return torch.cat([y.to(z), z], 1)

    def head_repulsion(self, nets: Players) -> Scalar:
        """Loss that keeps the heads of classes apart; 0 for layouts without heads."""
        return torch.zeros(())

    def class_probabilities(self, nets: Players, family: PosteriorFamily, x: Images) -> Probabilities:
        return self.split(nets["encoder"](family.encoder_input(x, None)))[0].softmax(1)

    def transfer_style(
        self, nets: Players, family: PosteriorFamily, x: Images, labels: Labels
    ) -> FullCodes:
        _, style = self.split(nets["encoder"](family.encoder_input(x, None)))
        return self.join_labels(nets, labels, family.from_outputs(style).mean)

    def join_labels(self, nets: Players, labels: Labels, styles: Codes) -> FullCodes:
        return self.join(nets, one_hot(labels, self.classes), styles)

    def from_outputs(
        self, nets: Players, family: PosteriorFamily, outputs: Float[Tensor, "n o *places"], labels: Labels
    ) -> Posterior:
        logits, style = self.split(outputs)
        return JoinedPosterior(family.from_outputs(style), partial(self.join, nets, logits.softmax(1)))

    def style(self, codes: FullCodes) -> Codes:
        return codes[:, -self.latent :]
