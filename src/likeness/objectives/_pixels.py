"""Objectives whose measure of likeness is a likelihood of pixels."""

from torch import nn

from likeness.likelihoods import Likelihood, Normal
from likeness.nets import Family, Players
from likeness.objectives._objective import Coding, Moves
from likeness.settings import settings
from likeness.shapes import Images, ImageShape, PerSample


@settings
class PixelCoding(Coding):
    """An encoder and a decoder that descend one loss together."""

    likelihood: Likelihood = Normal()
    """How the pixels of an image differ from its reconstruction."""

    @property
    def moves(self) -> Moves:
        scale = ("scale",) if self.likelihood.learned else ()
        return {"autoencoder": ("encoder", "decoder", *scale)}

    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        scale = self.likelihood.scale(shape.channels)
        return super().players(net, shape) | ({"scale": scale} if scale else {})

    def llike(self, nets: Players, x: Images, x_tilde: Images) -> PerSample:
        """-log p(x | x_tilde)."""
        scale = nets["scale"] if self.likelihood.learned else None
        return -self.likelihood.log_prob(x, x_tilde, scale)
