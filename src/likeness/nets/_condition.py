"""Networks that are told attributes of their images: Larsen et al. 2016, section 4.2.

What they are told is a part of the context, not an argument, so that Enc(x), Dec(z) and Dis(x) are
written alike with and without attributes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm
from torch.nn.utils.parametrize import is_parametrized

from likeness.errors import UserError

PLAYERS = ("encoder", "decoder", "discriminator")
"""Those that are told."""
LAYERS = nn.Linear | nn.Conv2d | nn.ConvTranspose2d
_said: ContextVar[Tensor | None] = ContextVar("attributes", default=None)


@contextmanager
def told(attributes: Float[Tensor, "n a"] | None) -> Iterator[None]:
    """Within this, networks are told attributes of the n images or codes that they are given, or of n
    after n, such as images and then their reconstructions in one batch."""
    before = _said.set(attributes)
    try:
        yield
    finally:
        _said.reset(before)


def heard() -> Float[Tensor, "n a"] | None:
    """The attributes that networks are told now."""
    return _said.get()


def hearing(network: nn.Module, attributes: int) -> nn.Module:
    """`network` with attributes beside the inputs of every convolution and every linear layer."""
    for name, layer in list(network.named_children()):
        if isinstance(layer, LAYERS):
            setattr(network, name, Hearing(layer, attributes))
        else:
            hearing(layer, attributes)
    return network


class Hearing(nn.Module):
    """A layer with attributes beside its inputs: concatenated, or tiled as channels that a convolution
    looks at in the middle of its kernel (around it they are the same, but for the edges).

    Either adds a linear map of the attributes to each output, which is how it is computed. Its first
    weights are drawn from those of the layer. Raises UserError where no attributes are told.
    """

    def __init__(self, layer: nn.Linear | nn.Conv2d | nn.ConvTranspose2d, attributes: int) -> None:
        super().__init__()
        outputs = layer.out_features if isinstance(layer, nn.Linear) else layer.out_channels
        self.layer = layer
        self.beside = nn.Linear(attributes, outputs, bias=False)
        with torch.no_grad():
            known, wanted = layer.weight.flatten(), self.beside.weight
            wanted.copy_(known[torch.randint(len(known), wanted.shape)])
        if is_parametrized(layer, "weight"):
            spectral_norm(self.beside)

    def forward(self, x: Tensor) -> Tensor:
        attributes = _said.get()
        if attributes is None:
            raise UserError(
                "this model is told attributes of images (--given), and there are none here; give data "
                "that have them, or take a model without"
            )
        added = self.beside(attributes.to(self.beside.weight))
        outputs = self.layer(x)
        places = (1,) * (outputs.dim() - 2)
        return outputs + added.repeat(len(x) // len(added), 1).view(len(x), -1, *places)
