"""A style from the encoder and a given label: Makhzani et al. 2015, section 4."""

from functools import partial
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.codes._classes import ClassCode
from likeness.codes._code import CodeShape
from likeness.codes._joined_posterior import JoinedPosterior
from likeness.codes.labels import one_hot
from likeness.errors import UserError
from likeness.nets import Family, Players
from likeness.posteriors import Posterior, PosteriorFamily
from likeness.settings import settings
from likeness.shapes import UNLABELLED, Codes, FullCodes, Images, Labels, Shape


@settings
class StyleAndLabel(ClassCode):
    """Codes (n, latent + classes): the style, then the one-hot label."""

    needs_labels: ClassVar[bool] = True

    def shape(self, net: Family, shape: Shape) -> CodeShape:
        return (self.latent + self.classes,)

    def encoder_output_shape(self, outputs_per_dim: int, net: Family, shape: Shape) -> CodeShape:
        return (outputs_per_dim * self.latent,)

    def check(self, labels: Labels, batch: int) -> None:
        super().check(labels, batch)
        if missing := int((labels == UNLABELLED).sum()):
            raise UserError(
                f"{missing} training images have no label, and this method needs one of each; label them, "
                "or train aae_semi"
            )

    def join_labels(self, nets: Players, labels: Labels, styles: Codes) -> FullCodes:
        return torch.cat([styles, one_hot(labels, self.classes).to(styles)], 1)

    def transfer_style(
        self, nets: Players, family: PosteriorFamily, x: Images, labels: Labels
    ) -> FullCodes:
        return self.posterior(nets, family, x, labels).mean

    def from_outputs(
        self, nets: Players, family: PosteriorFamily, outputs: Float[Tensor, "n o *places"], labels: Labels
    ) -> Posterior:
        if not torch.compiler.is_compiling():
            self._check_labels(labels)
        return JoinedPosterior(family.from_outputs(outputs), partial(self.join_labels, nets, labels))

    def _check_labels(self, labels: Labels) -> None:
        """Raises UserError if a label is unknown or not a class."""
        if (labels == UNLABELLED).any():
            raise UserError("this method needs the label of each image; give data that have labels")
        if (largest := int(labels.max())) >= self.classes:
            raise UserError(f"there is a label {largest} of {self.classes} classes; choose one of them")

    def style(self, codes: FullCodes) -> Codes:
        return codes[:, : self.latent]
