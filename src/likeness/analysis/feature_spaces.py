"""Features in which images are compared, by the names that users give: of a classifier of the run's own
data, of an untrained network, of the discriminator of a run, or of a network of the user's own."""

from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.errors import UserError
from likeness.metrics import Features, Space
from likeness.nets import Discriminator
from likeness.nets.larsen import Larsen
from likeness.noise import seeded
from likeness.predictors.classifier import classifier
from likeness.predictors.onnx_features import ENDING, onnx_space
from likeness.runs.loading import load_model
from likeness.runs.run import Run
from likeness.shapes import Images, Shape

CLASSIFIER, RANDOM, INCEPTION = "classifier", "random", "inception"


def space(name: str, run: Run, shape: Shape) -> Space:
    """A feature space (n, c, h, w) -> (n, d): `classifier`, `random`, a network in an .onnx file, or the
    mean over places of the features of the run of that name. UserError if there is none such."""
    if name == CLASSIFIER:
        net = classifier(run.config(), run.data()["fingerprint"], run.path.parent)
        return lambda x: _in_parts(net.features, x)
    if name.endswith(ENDING):
        return partial(_in_parts, onnx_space(name, shape))
    if name.partition(":")[0].partition(" ")[0] == INCEPTION:
        raise UserError(
            "Inception is not built in: it knows photographs in colour, and its weights are not part of "
            "this package; give --features FILE.onnx with it, or choose classifier, random or a run"
        )
    Dis, layers = untrained(shape) if name == RANDOM else lent(name, shape)
    return lambda x: _in_parts(partial(_pooled, Dis, layers), x)


def judge(name: str, shape: Shape) -> Features:
    """The features of a run's discriminator, layer by layer."""
    return partial(_features, *lent(name, shape))


def untrained(shape: Shape) -> tuple[Discriminator, list[str]]:
    """A network with its first weights, always the same."""
    with seeded():
        Dis = Larsen(width=0.25, std=0.1).discriminator(shape).eval()  # features of about unit size
    return Dis, [Dis.default_layer]


def lent(path: str, shape: Shape) -> tuple[Discriminator, list[str]]:
    """A run's discriminator, and its chosen layers or the one that its family recommends."""
    lender = load_model(path)
    if "discriminator" not in lender.nets:
        raise UserError(f"{path} has no discriminator; judge by a gan or a vae_gan")
    lender.refuse_given("judges images")
    if lender.shape != shape:
        raise UserError(
            f"{path} was trained on images of {tuple(lender.shape)}, these are {tuple(shape)} (channels, "
            "height, width); judge by a run on such images"
        )
    Dis, objective = lender.nets["discriminator"], lender.objective
    return Dis, list(objective.similarity_layers(Dis) or [Dis.default_layer])


@torch.no_grad()
def _in_parts(features: Space, x: Images) -> Float[Tensor, "n d"]:
    return in_batches(features, x)


def _pooled(Dis: Discriminator, layers: list[str], x: Images) -> Float[Tensor, "n d"]:
    found = _features(Dis, layers, x)
    return torch.cat([f.flatten(2).mean(2) if f.dim() > 2 else f for f in found], 1)


@torch.no_grad()
def _features(Dis: Discriminator, layers: list[str], x: Images) -> list[Float[Tensor, "n ..."]]:
    features = Dis(x).features
    return [features[l] for l in layers]
