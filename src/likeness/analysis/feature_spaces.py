"""Features in which images are compared, by the names that users give: of a classifier of the run's own
data, of an untrained network, of the discriminator of a run, or of a network of the user's own."""

from dataclasses import dataclass, replace
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.data.conditions import UNCONDITIONED, Conditions
from likeness.data.training_data import TrainingData
from likeness.errors import UserError
from likeness.metrics import FeatureSpace
from likeness.nets import Discriminator
from likeness.nets.larsen import Larsen
from likeness.noise import use_seed
from likeness.objectives import missing_part_error
from likeness.predictors.classifier import classifier
from likeness.predictors.onnx_features import EXTENSION, onnx_space
from likeness.runs.loading import load_model
from likeness.runs.run import Run
from likeness.shapes import Images, Shape

CLASSIFIER, RANDOM, INCEPTION = "classifier", "random", "inception"
CPU = torch.device("cpu")


def space(name: str, run: Run, shape: Shape, own: TrainingData, device: torch.device = CPU) -> FeatureSpace:
    """A feature space (n, c, h, w) -> (n, d): `classifier` (of the run's own data), `random`, a network in
    an .onnx file, or the mean over places of the features of the run of that name, under the mean of the
    conditions that it was trained with. It computes on a device, but for an .onnx file. UserError if there
    is none such."""
    if name == CLASSIFIER:
        net = classifier(own, run.path.parent, run.config().augmentation.flips_alone)
        return partial(_in_parts, net.features.to(device), device=device)
    if name.endswith(EXTENSION):
        return partial(_in_parts, onnx_space(name, shape))
    if name.partition(":")[0].partition(" ")[0] == INCEPTION:
        raise UserError(
            "Inception is not built in: it knows photographs in colour, and its weights are not part of "
            "this package; give --features FILE.onnx with it, or choose classifier, random or a run"
        )
    found = (untrained(shape) if name == RANDOM else lent(name, shape)).to(device)
    return partial(_in_parts, found.pool, device=device)


@dataclass(frozen=True)
class Lent:
    """A discriminator that judges images, and the layers in which it does."""

    Dis: Discriminator
    layers: list[str]
    conditions: Conditions = UNCONDITIONED
    """What it is conditioned on."""
    mean: Float[Tensor, "1 a"] | None = None
    """The mean of the conditions that it was trained with: for images whose own is not known."""

    def to(self, device: torch.device) -> "Lent":
        """The same, computing on a device."""
        return replace(self, Dis=self.Dis.to(device))

    @torch.no_grad()
    def features(
        self, x: Images, condition: Float[Tensor, "n a"] | None = None
    ) -> list[Float[Tensor, "n ..."]]:
        """The layers' features of images under their condition, or else under the mean one; where the
        images are."""
        device, row = next(self.Dis.parameters()).device, self.mean if condition is None else condition
        found = self.Dis(x.to(device), None if row is None else row.to(device)).features
        return [found[layer].to(x.device) for layer in self.layers]

    def pool(self, x: Images) -> Float[Tensor, "n d"]:
        """The means of the layers' features over places, under the mean condition."""
        found = self.features(x)
        return torch.cat([f.flatten(2).mean(2) if f.dim() > 2 else f for f in found], 1)


def untrained(shape: Shape) -> Lent:
    """A network with its first weights, always the same."""
    with use_seed():
        Dis = Larsen(width=0.25, std=0.1).discriminator(shape).eval()  # features of about unit size
    return Lent(Dis, [Dis.default_layer])


def lent(path: str, shape: Shape) -> Lent:
    """A run's discriminator, and its chosen layers or the one that its family recommends."""
    lender = load_model(path)
    if lender.discriminator is None:
        raise missing_part_error(lender.method, "discriminator")
    if lender.shape != shape:
        raise UserError(
            f"{path} was trained on images of {tuple(lender.shape)}, these are {tuple(shape)} (channels, "
            "height, width); judge by a run on such images"
        )
    Dis = lender.discriminator
    layers = list(lender.objective.metric_layers(Dis) or [Dis.default_layer])
    return Lent(Dis, layers, lender.conditions, lender.mean_condition)


@torch.no_grad()
def _in_parts(
    features: FeatureSpace, x: Images, device: torch.device | None = None
) -> Float[Tensor, "n d"]:
    return in_batches(features, x, device=device)
