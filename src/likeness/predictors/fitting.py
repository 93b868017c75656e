"""Training of networks that predict labels or attributes of images."""

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
"""Network family of predictors."""
VALIDATION_INTERVAL = 250
"""Steps between two validations, by which the best weights are chosen."""


class FittedPredictor(NamedTuple):
    """A trained network on the CPU."""

    network: nn.Module
    steps: int
    """Steps after which the validation error was least."""
    error: float | None
    """Least mean validation error; None if there are no validation images, so that the last weights are
    kept."""


def new_predictor(objective: PredictorObjective, shape: Shape) -> nn.Module:
    """A predictor that is not trained, into which weights can be loaded."""
    with use_seed():
        return objective.networks(NET, shape)[PREDICTOR]


def fit_predictor(
    objective: PredictorObjective,
    dataset: Dataset,
    augmentation: Augmentation,
    training: TrainingSettings,
    watcher: Callable[[Progress], None],
) -> FittedPredictor:
    """Train a predictor on training images and return the weights with the least validation error. Raises
    UserError if the images do not fill a batch."""
    total = training.steps or 0
    with use_seed(training.seed):
        nets = networks(objective, NET, dataset.shape, training)
        state = begin(objective, nets, training)
        device = precision.device(training.device)
        batches = Batches(
            dataset.train, dataset.scaling, training.batch, training.seed, augmentation, device
        )
        best = FittedPredictor(nets[PREDICTOR], 0, float("inf"))
        for t, _ in loop(objective, state, batches, training, 0, total):
            watcher(Progress(t, total, training.batch, None))
            if t % VALIDATION_INTERVAL == 0 or t == total:
                network = copy.deepcopy(nets[PREDICTOR]).cpu().eval()
                error = _validation_error(objective, network, dataset.validation, dataset.scaling)
                if error is None or best.error is None or error < best.error:
                    best = FittedPredictor(network, t, error)
    return best


@torch.no_grad()
def _validation_error(
    objective: PredictorObjective, network: nn.Module, split: Split, scaling: Scaling
) -> float | None:
    """Mean error on a split; None if the split is empty."""
    batches = in_order(split, scaling, MAX_BATCH)
    errors = [objective.errors(network(batch.x), batch) for batch in batches]
    return float(torch.cat(errors).mean()) if errors else None
