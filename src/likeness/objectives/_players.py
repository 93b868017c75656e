"""The networks that most games have: an encoder, a decoder, and the scale of a likelihood."""

from torch import nn

from likeness.codes import Code
from likeness.likelihoods import Likelihood
from likeness.nets import Family, Players
from likeness.posteriors import PosteriorFamily
from likeness.shapes import Shape


def autoencoder(net: Family, shape: Shape, code: Code, posterior: PosteriorFamily) -> dict[str, nn.Module]:
    """An encoder, a decoder, and what the layout of codes has of its own."""
    outputs = _one(code.encoder_output_shape(posterior.outputs_per_dim, net, shape))
    return {
        "encoder": net.encoder(posterior.encoder_input_shape(shape), outputs),
        "decoder": decoder(net, shape, code),
        **code.networks(),
    }


def decoder(net: Family, shape: Shape, code: Code) -> nn.Module:
    """A decoder of whole codes."""
    return net.decoder(_one(code.shape(net, shape)), shape)


def _one(shape: tuple[int, ...]) -> int | Shape:
    """A row's length, or the shape of a map."""
    return shape[0] if len(shape) == 1 else Shape(*shape)


def scale_network(likelihood: Likelihood, shape: Shape) -> dict[str, nn.Module]:
    """The network that learns the scale of a likelihood of pixels, if one does."""
    found = likelihood.scale(shape.channels)
    return {"scale": found} if found else {}


def scale_names(likelihood: Likelihood) -> tuple[str, ...]:
    """Its name, if there is one."""
    return ("scale",) if likelihood.learns_scale else ()


def find_scale(likelihood: Likelihood, nets: Players) -> nn.Module | None:
    """It itself, among the players."""
    return nets["scale"] if likelihood.learns_scale else None
