"""A small classifier of labels or attributes, whose features say what the data are about."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from likeness.nets.larsen import Larsen
from likeness.shapes import UNLABELLED, Batch, Images, ImageShape, PerSample, Scalar
from likeness.training.loop import Stream
from likeness.training.moves import Move, play
from likeness.training.optimizers import Adam

FEATURES, WIDTH = 64, 0.25
STEPS, LR = 1000, 1e-3
SEED = 0


class Classifier(nn.Module):
    """Convolutions, `FEATURES` numbers of about unit variance, and logits of them."""

    def __init__(self, shape: ImageShape, outputs: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            Larsen(width=WIDTH).encoder(shape, FEATURES), nn.BatchNorm1d(FEATURES, affine=False)
        )
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(FEATURES, outputs))

    def forward(self, x: Images) -> Float[Tensor, "n k"]:
        return self.head(self.features(x))


def fresh(shape: ImageShape, outputs: int) -> Classifier:
    """One that is not trained, always the same."""
    with torch.random.fork_rng():
        torch.manual_seed(SEED)
        return Classifier(shape, outputs)


def fit(net: Classifier, batches: Stream) -> Classifier:
    """Train on labels, or on attributes where batches have no labels."""
    move = Move("classifier", [net.train()], Adam(beta1=0.9).build(list(net.parameters()), LR))
    for t in range(STEPS):
        batch = batches.at(t)
        play([{"classifier": loss(net(batch.x), batch)}], {"classifier": move})
    return net.eval().requires_grad_(False)


def loss(logits: Float[Tensor, "n k"], batch: Batch) -> Scalar:
    """Cross-entropy of labels; binary ones of attributes where there are no labels."""
    if (batch.labels != UNLABELLED).any():
        return F.cross_entropy(logits, batch.labels, ignore_index=UNLABELLED)
    assert batch.attributes is not None
    return F.binary_cross_entropy_with_logits(logits, batch.attributes)


def wrong(logits: Float[Tensor, "n k"], batch: Batch) -> PerSample:
    """1 where a label is taken for another, or the share of attributes that are."""
    if (batch.labels != UNLABELLED).any():
        return (logits.argmax(1) != batch.labels).float()
    assert batch.attributes is not None
    return ((logits > 0) != (batch.attributes > 0.5)).float().mean(1)
