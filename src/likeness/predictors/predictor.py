"""Training objectives of networks that predict labels or attributes of images; not among the methods."""

from abc import abstractmethod

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from likeness.batch import Batch
from likeness.losses import mean_squared_error
from likeness.nets import Family, Networks
from likeness.objectives import Moves, Objective, Phase, Step
from likeness.settings import Count, settings
from likeness.shapes import UNLABELLED, Images, PerSample, Scalar, Shape

PREDICTOR = "predictor"
"""The one network, and the one move."""
FEATURES = 64
"""Of a classifier."""
Predictions = Float[Tensor, "n a"]


@settings
class PredictorObjective(Objective):
    """One network says something about each image."""

    outputs: Count = 1
    """How many numbers it says."""

    @property
    def moves(self) -> Moves:
        return {PREDICTOR: (PREDICTOR,)}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        return {PREDICTOR: net.encoder(shape, self.outputs)}

    def step(self, nets: Networks, batch: Batch, t: int) -> Step:
        L = self.loss(nets[PREDICTOR](batch.x), batch)
        yield Phase({PREDICTOR: L})
        return {"error": L}

    @abstractmethod
    def loss(self, predictions: Predictions, batch: Batch) -> Scalar:
        """What it descends."""

    @abstractmethod
    def errors(self, predictions: Predictions, batch: Batch) -> PerSample:
        """How wrong it is about each image, by which its weights are chosen."""


@settings
class Regression(PredictorObjective):
    """Attributes, each from -1 (has not) to 1 (has): their mean squared error."""

    def loss(self, predictions: Predictions, batch: Batch) -> Scalar:
        return self.errors(predictions, batch).mean()

    def errors(self, predictions: Predictions, batch: Batch) -> PerSample:
        assert batch.attributes is not None
        return mean_squared_error(predictions, signs(batch.attributes))


@settings
class Classification(PredictorObjective):
    """Labels by their cross-entropy, or attributes by binary ones where there are no labels."""

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        return {PREDICTOR: Classifier(net.encoder(shape, FEATURES), self.outputs)}

    def loss(self, predictions: Predictions, batch: Batch) -> Scalar:
        if (batch.labels != UNLABELLED).any():
            return F.cross_entropy(predictions, batch.labels, ignore_index=UNLABELLED)
        assert batch.attributes is not None
        return F.binary_cross_entropy_with_logits(predictions, batch.attributes)

    def errors(self, predictions: Predictions, batch: Batch) -> PerSample:
        """1 where a label is taken for another, or the share of attributes that are."""
        if (batch.labels != UNLABELLED).any():
            return (predictions.argmax(1) != batch.labels).float()
        assert batch.attributes is not None
        return ((predictions > 0) != (batch.attributes > 0.5)).float().mean(1)


class Classifier(nn.Module):
    """FEATURES numbers of about unit variance, which say what the data are about, and logits of them."""

    def __init__(self, encoder: nn.Module, outputs: int) -> None:
        super().__init__()
        self.features = nn.Sequential(encoder, nn.BatchNorm1d(FEATURES, affine=False))
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(FEATURES, outputs))

    def forward(self, x: Images) -> Predictions:
        return self.head(self.features(x))


def signs(attributes: Float[Tensor, "n a"]) -> Predictions:
    """-1 and 1 for attributes of 0 and 1."""
    return 2 * attributes - 1
