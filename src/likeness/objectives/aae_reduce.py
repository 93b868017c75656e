"""Dimensionality reduction with adversarial autoencoders: Makhzani et al. 2015, section 7."""

import torch
from torch import nn

from likeness.nets import Family, Players
from likeness.objectives._classifying import Classifying
from likeness.objectives._objective import Moves
from likeness.settings import NonNegative, Positive, settings
from likeness.shapes import UNLABELLED, Codes, ImageShape, Labels, Probabilities, Scalar


@settings
class AAEReduce(Classifying):
    """A code is the head of its class, learned, plus a style: W_C y + z, in few dimensions.

    Heads nearer to one another than a distance are pushed apart by a cost that is linear below it
    and zero above. With labels it is semi-supervised; without, the classes are clusters.
    """

    spacing: Positive = 4.0
    """Distance of two heads from which they are left alone, in standard deviations of a N(0, I) style."""
    push: NonNegative = 1.0
    """Weight of the cost that pushes heads apart."""

    @property
    def moves(self) -> Moves:
        moves = dict(super().moves)
        return moves | {"autoencoder": (*moves["autoencoder"], "heads")}

    @property
    def code_size(self) -> int:
        return self.latent

    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        return super().players(net, shape) | {"heads": nn.Linear(self.classes, self.latent, bias=False)}

    def check(self, labels: Labels, batch: int) -> None:
        if int(labels.max()) != UNLABELLED:
            super().check(labels, batch)

    def code(self, nets: Players, y: Probabilities, z: Codes) -> Codes:
        return nets["heads"](y) + z

    def apart(self, nets: Players) -> Scalar:
        heads = nets["heads"].weight.T
        return self.push * torch.relu(self.spacing - torch.pdist(heads)).sum()
