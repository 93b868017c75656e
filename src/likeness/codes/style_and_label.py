"""A style from the encoder, and a label that is known: Makhzani et al. 2015, section 4."""

from typing import ClassVar

import torch

from likeness.codes._code import Code, CodeShape, drawn
from likeness.codes.labels import Classes, check_labels, one_hot
from likeness.errors import UserError
from likeness.nets import Family, Players
from likeness.noise import Noise
from likeness.posteriors import Posterior
from likeness.priors import Distribution
from likeness.settings import Count, settings
from likeness.shapes import UNLABELLED, Codes, Images, Labels, Shape, WholeCodes


@settings
class StyleAndLabel(Code):
    """A whole code is the style, then the one-hot label."""

    needs_labels: ClassVar[bool] = True

    classes: Classes = 10
    """Classes of the images; labels are 0 to this less one."""
    latent: Count = 64
    """Dimensions of the styles."""

    @property
    def dims(self) -> int:
        return self.latent

    @property
    def class_count(self) -> int:
        return self.classes

    def shape(self, net: Family, shape: Shape) -> CodeShape:
        return (self.latent + self.classes,)

    def outputs(self, heads: int, net: Family, shape: Shape) -> CodeShape:
        return (heads * self.latent,)

    def check(self, labels: Labels, batch: int) -> None:
        check_labels(labels, self.classes)
        if missing := int((labels == UNLABELLED).sum()):
            raise UserError(
                f"{missing} training images have no label, and this method needs one of each; label them, "
                "or train aae_semi"
            )

    def join(self, nets: Players, labels: Labels, z: Codes) -> WholeCodes:
        """Whole codes of labels, which may be UNLABELLED, and styles."""
        return torch.cat([z, one_hot(labels, self.classes).to(z)], 1)

    def of_classes(self, nets: Players, labels: Labels, styles: Codes) -> WholeCodes:
        return self.join(nets, labels, styles)

    def transfer_style(self, nets: Players, posterior: Posterior, x: Images, labels: Labels) -> WholeCodes:
        return self.encode(nets, posterior, x, labels, None)

    def encode(
        self, nets: Players, posterior: Posterior, x: Images, labels: Labels, noise: Noise | None
    ) -> WholeCodes:
        if (labels == UNLABELLED).any():
            raise UserError("this method needs the label of each image; give data that have labels")
        if (most := int(labels.max())) >= self.classes:
            raise UserError(f"there is a label {most} of {self.classes} classes; choose one of them")
        outputs = nets["encoder"](posterior.given(x, noise))
        return self.join(nets, labels, drawn(posterior, outputs, noise))

    def sample(
        self, nets: Players, prior: Distribution, n: int, shape: CodeShape, noise: Noise, temperature: float
    ) -> WholeCodes:
        styles = temperature * prior.sample(n, self.latent, noise)
        return self.join(nets, torch.arange(n, device=styles.device) % self.classes, styles)

    def style(self, codes: WholeCodes) -> Codes:
        return codes[:, : self.latent]
