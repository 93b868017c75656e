"""A class and a style, both given by the encoder: q(y, z|x) of Makhzani et al. 2015, section 5."""

from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.codes._code import Code, CodeShape, drawn
from likeness.codes.labels import Classes, check_labels, one_hot
from likeness.losses import precise
from likeness.nets import Family, Players
from likeness.noise import Noise
from likeness.posteriors import Posterior
from likeness.priors import Distribution
from likeness.settings import Count, settings
from likeness.shapes import Codes, Images, Labels, Probabilities, Scalar, Shape, WholeCodes


@settings
class ClassAndStyle(Code):
    """A whole code is the probabilities of the classes, then the style."""

    classifies: ClassVar[bool] = True

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
        return (self.classes + self.latent,)

    def outputs(self, heads: int, net: Family, shape: Shape) -> CodeShape:
        return (self.classes + heads * self.latent,)

    def check(self, labels: Labels, batch: int) -> None:
        check_labels(labels, self.classes)

    def split(self, outputs: Float[Tensor, "n o"]) -> tuple[Float[Tensor, "n k"], Float[Tensor, "n s"]]:
        """Logits of the classes, and outputs for the posterior of the style, of what an encoder gave."""
        return precise(outputs[:, : self.classes]), outputs[:, self.classes :]

    def join(self, nets: Players, y: Probabilities, z: Codes) -> WholeCodes:
        """Whole codes of classes and styles."""
        return torch.cat([y.to(z), z], 1)

    def cost(self, nets: Players) -> Scalar:
        """What the layout's own networks cost beside the reconstruction; nothing where it has none."""
        return torch.zeros(())

    def class_probabilities(self, nets: Players, posterior: Posterior, x: Images) -> Probabilities:
        return self.split(nets["encoder"](posterior.given(x, None)))[0].softmax(1)

    def transfer_style(self, nets: Players, posterior: Posterior, x: Images, labels: Labels) -> WholeCodes:
        _, style = self.split(nets["encoder"](posterior.given(x, None)))
        return self.of_classes(nets, labels, drawn(posterior, style, None))

    def of_classes(self, nets: Players, labels: Labels, styles: Codes) -> WholeCodes:
        return self.join(nets, one_hot(labels, self.classes), styles)

    def encode(
        self, nets: Players, posterior: Posterior, x: Images, labels: Labels, noise: Noise | None
    ) -> WholeCodes:
        logits, style = self.split(nets["encoder"](posterior.given(x, noise)))
        return self.join(nets, logits.softmax(1), drawn(posterior, style, noise))

    def sample(
        self, nets: Players, prior: Distribution, n: int, shape: CodeShape, noise: Noise, temperature: float
    ) -> WholeCodes:
        styles = temperature * prior.sample(n, self.latent, noise)
        labels = torch.arange(n, device=styles.device) % self.classes
        return self.of_classes(nets, labels, styles)

    def style(self, codes: WholeCodes) -> Codes:
        return codes[:, -self.latent :]
