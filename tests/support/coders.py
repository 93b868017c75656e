"""Models of every method that encodes, with their first weights, in memory."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from laws.games import FAMILIES, METHODS, objective_of
from likeness.codes import Spatial
from likeness.data import DataSettings
from likeness.data.condition_kinds import BinaryCondition
from likeness.data.conditions import UNCONDITIONED, Conditions
from likeness.data.reading.scaling import Scaling
from likeness.data.training_data import TrainingData
from likeness.models.autoencoder import Autoencoder
from likeness.objectives import Objective
from likeness.objectives.vae import VAE
from likeness.shapes import Shape

SHAPE = Shape(1, 8, 8)
CONDITIONED = Conditions((BinaryCondition("round"), BinaryCondition("dark")))
ROW = torch.tensor([[1.0, 0.0]])


def model_of(
    objective: Objective, family: str = "mlp", conditions: Conditions = UNCONDITIONED
) -> Autoencoder:
    """A model of a method, with its first weights, always the same."""
    torch.manual_seed(0)
    net = FAMILIES[family]
    nets = objective.networks(net, SHAPE, conditions.width)
    scaling = Scaling("uint8", (0.0,), (255.0,))
    data = TrainingData(DataSettings("nowhere"), 0)
    rows = ROW.repeat(5, 1) if conditions.items else None
    return Autoencoder(objective, net, nets, SHAPE, scaling, data, 1, conditions, rows)


def images(n: int = 3) -> Tensor:
    """Made up images."""
    return torch.rand(n, *SHAPE, generator=torch.Generator().manual_seed(n)) * 2 - 1


def coders() -> Iterator[Autoencoder]:
    """Models of all methods that encode, of maps, of a condition, and of an encoder that is given noise."""
    for method in METHODS:
        if objective_of(method).posterior is not None:
            yield model_of(objective_of(method))
    yield model_of(VAE(code=Spatial(channels=2)), "resnet")
    yield model_of(objective_of("vae_gan", condition=("round", "dark")), "mlp", CONDITIONED)
    yield model_of(objective_of("aae", posterior="universal"))


CODERS = list(coders())
every_coder = pytest.mark.parametrize(
    "model", CODERS, ids=[f"{k}-{m.method}" for k, m in enumerate(CODERS)]
)


def arguments(model: Autoencoder, n: int = 3) -> tuple[Tensor, Tensor | None, Tensor | None]:
    """Images with the condition and the labels that the model asks for."""
    condition = ROW.repeat(n, 1) if model.conditions.items else None
    return images(n), condition, torch.arange(n) % 3 if model.needs_labels else None
