"""Networks of most objectives: an encoder, a decoder, and the scale of a likelihood."""

from torch import nn

from likeness.codes import Code
from likeness.likelihoods import Likelihood
from likeness.nets import Family, Players
from likeness.posteriors import PosteriorFamily
from likeness.shapes import Shape


def autoencoder(net: Family, shape: Shape, code: Code, posterior: PosteriorFamily) -> dict[str, nn.Module]:
    """An encoder, a decoder, and the networks of the layout of codes."""
    outputs = _size(code.encoder_output_shape(posterior.outputs_per_dim, net, shape))
    return {
        "encoder": net.encoder(posterior.encoder_input_shape(shape), outputs),
        "decoder": decoder(net, shape, code),
        **code.networks(),
    }


def decoder(net: Family, shape: Shape, code: Code) -> nn.Module:
    """A decoder of full codes."""
    return net.decoder(_size(code.shape(net, shape)), shape)


def _size(shape: tuple[int, ...]) -> int | Shape:
    """The length of a row, or the shape of a map."""
    return shape[0] if len(shape) == 1 else Shape(*shape)


def scale_network(likelihood: Likelihood, shape: Shape) -> dict[str, nn.Module]:
    """The network that learns the scale of a likelihood of pixels, by its name, if there is one."""
    network = likelihood.scale(shape.channels)
    return {"scale": network} if network else {}


def scale_names(likelihood: Likelihood) -> tuple[str, ...]:
    """The name of the scale network of a likelihood, if there is one."""
    return ("scale",) if likelihood.learns_scale else ()


def find_scale(likelihood: Likelihood, nets: Players) -> nn.Module | None:
    """The scale network of a likelihood among the players, if there is one."""
    return nets["scale"] if likelihood.learns_scale else None
