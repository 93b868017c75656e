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
"""Name of the only network and of the only move."""
FEATURE_COUNT = 64
"""Number of features of a classifier."""
Predictions = Float[Tensor, "n a"]
"""Predicted values or logits, one row per image."""


@settings
class PredictorObjective(Objective):
    """Base class of objectives with one network, which predicts numbers for each image."""

    outputs: Count = 1
    """Number of predictions per image."""

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
        """The loss of a batch."""

    @abstractmethod
    def errors(self, predictions: Predictions, batch: Batch) -> PerSample:
        """The error for each image, by which the best weights are chosen."""


@settings
class Regression(PredictorObjective):
    """Regression of attributes, -1 if absent and 1 if present, by the mean squared error."""

    def loss(self, predictions: Predictions, batch: Batch) -> Scalar:
        return self.errors(predictions, batch).mean()

    def errors(self, predictions: Predictions, batch: Batch) -> PerSample:
        assert batch.attributes is not None
        return mean_squared_error(predictions, signs(batch.attributes))


@settings
class Classification(PredictorObjective):
    """Classification of labels by cross-entropy, or of attributes by binary cross-entropy without
    labels."""

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        return {PREDICTOR: Classifier(net.encoder(shape, FEATURE_COUNT), self.outputs)}

    def loss(self, predictions: Predictions, batch: Batch) -> Scalar:
        if (batch.labels != UNLABELLED).any():
            return F.cross_entropy(predictions, batch.labels, ignore_index=UNLABELLED)
        assert batch.attributes is not None
        return F.binary_cross_entropy_with_logits(predictions, batch.attributes)

    def errors(self, predictions: Predictions, batch: Batch) -> PerSample:
        """1 for a wrong label, else 0; or the share of wrong attributes."""
        if (batch.labels != UNLABELLED).any():
            return (predictions.argmax(1) != batch.labels).float()
        assert batch.attributes is not None
        return ((predictions > 0) != (batch.attributes > 0.5)).float().mean(1)


class Classifier(nn.Module):
    """A network with FEATURE_COUNT features of about unit variance, and logits of them."""

    def __init__(self, encoder: nn.Module, outputs: int) -> None:
        super().__init__()
        self.features = nn.Sequential(encoder, nn.BatchNorm1d(FEATURE_COUNT, affine=False))
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(FEATURE_COUNT, outputs))

    def forward(self, x: Images) -> Predictions:
        """Logits (n, outputs) of images."""
        return self.head(self.features(x))


def signs(attributes: Float[Tensor, "n a"]) -> Predictions:
    """Attributes of 0 and 1 as -1 and 1."""
    return 2 * attributes - 1
