"""A regressor of the attributes of images, trained independently of any model and stored in a folder."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from likeness.batching import in_batches
from likeness.data.augmentation import Augmentation
from likeness.data.dataset import Dataset
from likeness.errors import UserError
from likeness.files import bundle
from likeness.predictors.fitting import fit_predictor, new_predictor
from likeness.predictors.predictor import Predictions, Regression
from likeness.shapes import Images, Shape
from likeness.training.optimizers import Adam, Cosine
from likeness.training.progress import Progress
from likeness.training.settings import TrainingSettings

NAME = "regressor"
STEPS, BATCH_SIZE, LEARNING_RATE = 3000, 64, 1e-3
"""Length, batches and learning rate of the training."""


@dataclass(frozen=True)
class RegressorInfo:
    """The description that is stored beside the weights of a regressor."""

    names: list[str]
    """Names of the attributes."""
    shape: list[int]
    """Shape of the images."""
    fingerprint: str
    """Fingerprint of the training data."""
    steps: int
    """Training steps after which the validation error was least."""
    error: float
    """Least mean squared validation error."""


class Regressor:
    """A regressor of named attributes of images (n, c, h, w) in [-1, 1]."""

    def __init__(self, info: RegressorInfo, network: nn.Module) -> None:
        self.info, self.network = info, network.eval().requires_grad_(False)

    @property
    def names(self) -> list[str]:
        """Names of the attributes."""
        return self.info.names

    @torch.no_grad()
    def predict(self, x: Images) -> Predictions:
        """Predicted attributes (n, a): about -1 if absent, about 1 if present."""
        return in_batches(self.network, x.clamp(-1, 1))


def regressor(
    folder: Path, dataset: Dataset, augmentation: Augmentation, watcher: Callable[[Progress], None]
) -> Regressor:
    """The regressor of a data set's attributes in a folder, or a new one if there is none.

    A new one is trained on training images, and has the weights of the least validation error. Raises
    UserError if the data have no attributes, or the regressor in the folder is for other data.
    """
    if not dataset.attribute_names:
        raise UserError("no attributes: the data have no columns of 0 and 1; add them beside the images")
    if not len(dataset.validation):
        raise UserError("a regressor needs validation images, and there are none; raise --validation")
    if bundle.is_there(folder, NAME):
        return _check_data(_load(folder), dataset, folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} holds other files than a regressor; name a new folder")
    training = TrainingSettings(
        steps=STEPS, batch=BATCH_SIZE, lr=LEARNING_RATE, optimizer=Adam(beta1=0.9), schedule=Cosine()
    )
    names, shape = list(dataset.attribute_names), list(dataset.shape)
    fitted = fit_predictor(Regression(outputs=len(names)), dataset, augmentation, training, watcher)
    assert fitted.error is not None
    info = RegressorInfo(names, shape, dataset.fingerprint, fitted.steps, fitted.error)
    bundle.write(folder, NAME, asdict(info), fitted.network.state_dict())
    return _load(folder)


def _check_data(loaded: Regressor, dataset: Dataset, folder: Path) -> Regressor:
    """The regressor in a folder. Raises UserError if it was trained on other data."""
    info, names = loaded.info, list(dataset.attribute_names)
    fits = (info.names, info.shape) == (names, list(dataset.shape))
    if not fits or info.fingerprint != dataset.fingerprint:
        raise UserError(
            f"the regressor in {folder} is for other data, or another size; "
            "name another folder, in which a new one is trained"
        )
    return loaded


def _load(folder: Path) -> Regressor:
    """The regressor in a folder."""
    return bundle.read(folder, NAME, _build, "remove it")


def _build(document: dict[str, Any], weights: bundle.Weights) -> Regressor:
    """A regressor from its description and weights."""
    info = RegressorInfo(**document)
    net = new_predictor(Regression(outputs=len(info.names)), Shape(*map(int, info.shape)))
    return Regressor(info, bundle.load_weights(net, weights))
