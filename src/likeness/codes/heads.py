"""A learned head of the class plus a style: Makhzani et al. 2015, section 7."""

from typing import ClassVar

import torch
from torch import nn

from likeness.codes._code import CodeShape
from likeness.codes.class_and_style import ClassAndStyle
from likeness.codes.labels import check_labels
from likeness.nets import Family, Players
from likeness.settings import NonNegative, Positive, settings
from likeness.shapes import UNLABELLED, Codes, FullCodes, Labels, Probabilities, Scalar, Shape


@settings
class Heads(ClassAndStyle):
    """Codes W_C y + z in few dimensions; the matrix W_C of heads is a player."""

    own_players: ClassVar[tuple[str, ...]] = ("heads",)

    spacing: Positive = 4.0
    """Distance below which two heads repel each other, in standard deviations of a N(0, I) style."""
    repulsion: NonNegative = 1.0
    """Weight of the repulsion between heads."""

    def shape(self, net: Family, shape: Shape) -> CodeShape:
        return (self.latent,)

    def networks(self) -> dict[str, nn.Module]:
        return {"heads": nn.Linear(self.classes, self.latent, bias=False)}

    def check(self, labels: Labels, batch: int) -> None:
        """Raises UserError for labels that do not fit. Without any label the classes are clusters."""
        if int(labels.max()) != UNLABELLED:
            check_labels(labels, self.classes)

    def join(self, nets: Players, y: Probabilities, z: Codes) -> FullCodes:
        W_C = nets["heads"]
        return W_C(y.to(W_C.weight.dtype)) + z

    def head_repulsion(self, nets: Players) -> Scalar:
        """Loss of pairs of heads nearer than `spacing`: linear in their distance below it, 0 above."""
        heads = nets["heads"].weight.T
        return self.repulsion * torch.relu(self.spacing - torch.pdist(heads)).sum()
