"""Networks that read labels or attributes off images, trained apart from any model."""

import copy
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import nn

from likeness.batching import MAX_BATCH
from likeness.data.augmentation import Augmentation
from likeness.data.batches import Batches, in_order
from likeness.data.dataset import Dataset, Split
from likeness.data.reading.scaling import Scaling
from likeness.nets import Family
from likeness.nets.larsen import Larsen
from likeness.noise import use_seed
from likeness.predictors.predictor import PREDICTOR, PredictorObjective
from likeness.shapes import Shape
from likeness.training import precision
from likeness.training.loop import begin, loop, networks
from likeness.training.progress import Progress
from likeness.training.settings import TrainingSettings

NET: Family = Larsen(width=0.25)
CHOSEN_EVERY = 250
"""Steps between two looks at validation images, by which the weights to keep are chosen."""


class FittedPredictor(NamedTuple):
    """A network, on the CPU, at its best."""

    network: nn.Module
    steps: int
    """After how many it was best on validation images."""
    error: float | None
    """Its mean error there; None where there are no such images, and it is as it was in the end."""


def new_predictor(objective: PredictorObjective, shape: Shape) -> nn.Module:
    """One that is not trained, for weights to be put in."""
    with use_seed():
        return objective.networks(NET, shape)[PREDICTOR]


def fit_predictor(
    objective: PredictorObjective,
    dataset: Dataset,
    augmentation: Augmentation,
    learning: TrainingSettings,
    watcher: Callable[[Progress], None],
) -> FittedPredictor:
    """Train on training images; keep the weights with the least error on validation images. Raises
    UserError where images do not fill a batch."""
    total = learning.steps or 0
    with use_seed(learning.seed):
        nets = networks(objective, NET, dataset.shape, learning)
        state = begin(objective, nets, learning)
        where = precision.device(learning.device)
        batches = Batches(
            dataset.train, dataset.scaling, learning.batch, learning.seed, augmentation, where
        )
        best = FittedPredictor(nets[PREDICTOR], 0, float("inf"))
        for t, _ in loop(objective, state, batches, learning, 0, total):
            watcher(Progress(t, total, learning.batch, None))
            if t % CHOSEN_EVERY == 0 or t == total:
                network = copy.deepcopy(nets[PREDICTOR]).cpu().eval()
                error = _error(objective, network, dataset.validation, dataset.scaling)
                if error is None or best.error is None or error < best.error:
                    best = FittedPredictor(network, t, error)
    return best


@torch.no_grad()
def _error(
    objective: PredictorObjective, network: nn.Module, split: Split, scaling: Scaling
) -> float | None:
    batches = in_order(split, scaling, MAX_BATCH)
    found = [objective.errors(network(batch.x), batch) for batch in batches]
    return float(torch.cat(found).mean()) if found else None
