"""A regressor that reads attributes off images, trained apart from any model and kept in a folder."""

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
STEPS, BATCH, RATE = 3000, 64, 1e-3
"""How it learns."""


@dataclass(frozen=True)
class RegressorInfo:
    """What is said of a regressor beside its weights."""

    names: list[str]
    shape: list[int]
    fingerprint: str
    """Of the data that it was trained on."""
    steps: int
    """After how many it was best on validation images."""
    error: float
    """Its mean squared error there."""


class Regressor:
    """Reads attributes, by name, off images (n, c, h, w) in [-1, 1]."""

    def __init__(self, about: RegressorInfo, network: nn.Module) -> None:
        self.about, self.network = about, network.eval().requires_grad_(False)

    @property
    def names(self) -> list[str]:
        """The attributes."""
        return self.about.names

    @torch.no_grad()
    def predict(self, x: Images) -> Predictions:
        """RegressorInfo -1 where an image has an attribute not, about 1 where it has it."""
        return in_batches(self.network, x.clamp(-1, 1))


def regressor(
    folder: Path, dataset: Dataset, augmentation: Augmentation, watcher: Callable[[Progress], None]
) -> Regressor:
    """The regressor in a folder, or, where there is none, a new one of a data set's attributes.

    Trained on training images; the weights are those with the least error on validation images. Raises
    UserError if the data have no attributes, or the one in the folder is of other data.
    """
    if not dataset.attribute_names:
        raise UserError("no attributes: the data have no columns of 0 and 1; add them beside the images")
    if not len(dataset.validation):
        raise UserError("no validation images, by which a regressor is chosen; raise --validation")
    if bundle.is_there(folder, NAME):
        return _same(_read(folder), dataset, folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} holds other things than a regressor; name a folder that is new")
    learning = TrainingSettings(
        steps=STEPS, batch=BATCH, lr=RATE, optimizer=Adam(beta1=0.9), schedule=Cosine()
    )
    names, shape = list(dataset.attribute_names), list(dataset.shape)
    found = fit_predictor(Regression(outputs=len(names)), dataset, augmentation, learning, watcher)
    assert found.error is not None
    about = RegressorInfo(names, shape, dataset.fingerprint, found.steps, found.error)
    bundle.write(folder, NAME, asdict(about), found.network.state_dict())
    return _read(folder)


def _same(found: Regressor, dataset: Dataset, folder: Path) -> Regressor:
    """The regressor found, if it is of these data."""
    about, names = found.about, list(dataset.attribute_names)
    alike = (about.names, about.shape) == (names, list(dataset.shape))
    if not alike or about.fingerprint != dataset.fingerprint:
        raise UserError(
            f"the regressor in {folder} is of other data, or of another size; name another folder, in "
            "which one is trained for these"
        )
    return found


def _read(folder: Path) -> Regressor:
    return bundle.read(folder, NAME, _fitted, "remove it")


def _fitted(said: dict[str, Any], weights: bundle.Weights) -> Regressor:
    about = RegressorInfo(**said)
    net = new_predictor(Regression(outputs=len(about.names)), Shape(*map(int, about.shape)))
    return Regressor(about, bundle.fitted(net, weights))
