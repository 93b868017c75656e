"""Feature spaces by the names that users give: of a classifier of the run's own data, of an untrained
network, of the discriminator of a run, or of a network in an ONNX file."""

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


def feature_space(
    name: str, run: Run, shape: Shape, own: TrainingData, device: torch.device = CPU
) -> FeatureSpace:
    """The feature space of a name, a function from images (n, c, h, w) to features (n, d).

    `classifier`: a classifier of the run's `own` data; `random`: an untrained network; a path of an .onnx
    file; or a path of a run, whose discriminator features are averaged over places, under its mean
    condition. Networks compute on `device`, except ONNX ones. Raises UserError if there is no feature space
    of the name.
    """
    if name == CLASSIFIER:
        net = classifier(own, run.path.parent, run.config().augmentation.flips_alone)
        return partial(_batched_features, net.features.to(device), device=device)
    if name.endswith(EXTENSION):
        return partial(_batched_features, onnx_space(name, shape))
    if name.partition(":")[0].partition(" ")[0] == INCEPTION:
        raise UserError(
            "Inception is not built in: it knows photographs in colour, and its weights are not part of "
            "this package; give --features FILE.onnx with it, or choose classifier, random or a run"
        )
    discriminator = untrained_discriminator(shape) if name == RANDOM else load_discriminator(name, shape)
    return partial(_batched_features, discriminator.to(device).pool, device=device)


@dataclass(frozen=True)
class PretrainedDiscriminator:
    """A discriminator with the layers in which it compares images."""

    Dis: Discriminator
    """The network."""
    layers: list[str]
    """Names of the layers whose features are compared."""
    conditions: Conditions = UNCONDITIONED
    """Conditions that the network takes."""
    mean_condition: Float[Tensor, "1 a"] | None = None
    """Mean of the conditions of its training images, for images of unknown condition."""

    def to(self, device: torch.device) -> "PretrainedDiscriminator":
        """The discriminator on a device."""
        return replace(self, Dis=self.Dis.to(device))

    @torch.no_grad()
    def features(
        self, x: Images, condition: Float[Tensor, "n a"] | None = None
    ) -> list[Float[Tensor, "n ..."]]:
        """Features of images in each layer, under their conditions or by default the mean condition, on the
        device of the images."""
        rows = self.mean_condition if condition is None else condition
        device = next(self.Dis.parameters()).device
        features = self.Dis(x.to(device), None if rows is None else rows.to(device)).features
        return [features[layer].to(x.device) for layer in self.layers]

    def pool(self, x: Images) -> Float[Tensor, "n d"]:
        """Means over places of the features of all layers, under the mean condition."""
        features = self.features(x)
        return torch.cat([f.flatten(2).mean(2) if f.dim() > 2 else f for f in features], 1)


def untrained_discriminator(shape: Shape) -> PretrainedDiscriminator:
    """A discriminator with initial weights, always the same."""
    with use_seed():
        Dis = Larsen(width=0.25, std=0.1).discriminator(shape).eval()  # features of about unit size
    return PretrainedDiscriminator(Dis, [Dis.default_layer])


def load_discriminator(path: str, shape: Shape) -> PretrainedDiscriminator:
    """The discriminator of a run, with the layers of its objective or the default layer of its network
    family. Raises UserError if there is none, or it was trained on images of another shape."""
    model = load_model(path)
    if model.discriminator is None:
        raise missing_part_error(model.method, "discriminator")
    if model.shape != shape:
        raise UserError(
            f"{path} was trained on images of {tuple(model.shape)}, these are {tuple(shape)} (channels, "
            "height, width); judge by a run on such images"
        )
    Dis = model.discriminator
    layers = list(model.objective.metric_layers(Dis) or [Dis.default_layer])
    return PretrainedDiscriminator(Dis, layers, model.conditions, model.mean_condition)


@torch.no_grad()
def _batched_features(
    features: FeatureSpace, x: Images, device: torch.device | None = None
) -> Float[Tensor, "n d"]:
    return in_batches(features, x, device=device)
