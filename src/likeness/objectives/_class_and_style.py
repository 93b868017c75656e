"""Codes of a class y and a style z: what the encoder of q(y, z|x) says, Makhzani et al. 2015, section 5."""

from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from likeness.losses import precise
from likeness.nets import Family, Players
from likeness.objectives._latent import Labelled
from likeness.posteriors import Distribution
from likeness.priors import Categorical
from likeness.settings import settings
from likeness.shapes import Codes, Images, ImageShape, Labels, Probabilities


@settings
class ClassAndStyle(Labelled):
    """A whole code is the probabilities of the classes, then the style."""

    told: ClassVar[bool] = True

    @property
    def code_size(self) -> int:
        return self.classes + self.latent

    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        outputs = self.classes + self.posterior.heads * self.latent
        return super().players(net, shape) | {
            "encoder": net.encoder(self.posterior.sees(shape), outputs),
            "decoder": net.decoder(self.code_size, shape),
        }

    def said(self, Enc: Any, x: Images) -> tuple[Float[Tensor, "n k"], Codes]:
        """Logits of the classes, and a style, from one pass of the encoder."""
        outputs = Enc(self.posterior.given(self.noisy(x)))
        style = self.posterior.read(outputs[:, self.classes :]).sample()
        return precise(outputs[:, : self.classes]), style

    def code(self, nets: Players, y: Probabilities, z: Codes) -> Float[Tensor, "n w"]:
        """What the decoder is given for class probabilities and styles."""
        return torch.cat([y, z], 1)

    def class_probabilities(self, nets: Players, x: Images) -> Probabilities:
        """q(y|x) without noise (n, classes)."""
        return self.known(nets, x)[0]

    def known(self, nets: Players, x: Images, noise: float = 0.0) -> tuple[Probabilities, Distribution]:
        """q(y|x) and q(z|x), with so much of the posterior's own noise."""
        outputs = nets["encoder"](self.posterior.given(x, noise))
        y, z = outputs[:, : self.classes], outputs[:, self.classes :]
        return precise(y).softmax(1), self.posterior.read(z)

    def whole(self, nets: Players, labels: Labels, styles: Codes) -> Float[Tensor, "n w"]:
        return self.code(nets, Categorical().within(labels, self.classes), styles)

    def codes(self, n: int, nets: Players, temperature: float = 1.0) -> Float[Tensor, "n w"]:
        styles = temperature * self.prior.sample(n, self.latent)
        return self.whole(nets, torch.arange(n) % self.classes, styles)

    def styles(self, codes: Codes) -> Float[Tensor, "n s"]:
        return codes[:, -self.latent :]

    def encode(self, nets: Players, x: Images, labels: Labels) -> Codes:
        y, q = self.known(nets, x)
        return self.code(nets, y, q.mean)

    def draw(self, nets: Players, x: Images, labels: Labels) -> Codes:
        y, q = self.known(nets, x, 1.0)
        return self.code(nets, y, q.sample())

    def restyled(self, nets: Players, x: Images, labels: Labels) -> Codes:
        return self.whole(nets, labels, self.known(nets, x)[1].mean)
