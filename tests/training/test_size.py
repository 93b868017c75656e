"""Parameters and memory of networks, known before any is taken."""

import pytest
import torch

from laws.games import FAMILIES, METHODS, SHAPE, objective_of
from likeness.config import objective_class
from likeness.errors import UserError
from likeness.nets.mlp import MLP
from likeness.shapes import Shape
from likeness.training.loop import networks
from likeness.training.settings import TrainingSettings
from likeness.training.size import check_batch, check_size, parameter_counts
from support.families import NAMES, family


def counted(nets: torch.nn.ModuleDict | dict[str, torch.nn.Module]) -> dict[str, int]:
    """Parameters of networks that are there."""
    return {name: sum(p.numel() for p in net.parameters()) for name, net in nets.items()}


def test_networks_too_large_for_the_machine_are_refused_before_memory_is_taken() -> None:
    huge = objective_of("ae", latent=1_000_000)
    with pytest.raises(UserError, match=r"parameters and need .* GiB of .*; lower --latent"):
        check_size(huge, MLP(hidden=100_000), Shape(3, 64, 64))


def test_networks_that_fit_are_let_through() -> None:
    check_size(objective_of("ae"), MLP(hidden=10), SHAPE)


def test_parameters_are_counted_as_the_networks_have_them() -> None:
    objective = objective_of("vae_gan")
    nets = networks(objective, FAMILIES["larsen"], SHAPE, TrainingSettings(device="cpu"))
    assert parameter_counts(objective, FAMILIES["larsen"], SHAPE) == counted(nets)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spectral", [False, True])
def test_parameters_are_counted_without_taking_memory(name: str, spectral: bool) -> None:
    objective = objective_class("vae_gan")()
    shape = Shape(3, 9, 6)
    found = parameter_counts(objective, family(name, spectral=spectral), shape)
    assert found == counted(objective.players(family(name, spectral=spectral), shape))


def test_parameters_of_a_condition_are_counted_without_taking_memory() -> None:
    objective, shape = objective_of("vae_gan"), Shape(2, 8, 6)
    found = parameter_counts(objective, family("larsen"), shape, 2)
    assert found == counted(objective.networks(family("larsen"), shape, 2))


@pytest.mark.parametrize("method", METHODS)
def test_one_image_does_not_go_through_batchnorm_that_trains(method: str) -> None:
    objective = objective_of(method)
    for name in ("mlp", "resnet"):
        check_batch(objective, FAMILIES[name], SHAPE, 1)
    check_batch(objective, FAMILIES["larsen"], SHAPE, 2)
    with pytest.raises(UserError, match=r"BatchNorm needs two images or more, --batch is 1; raise it"):
        check_batch(objective, FAMILIES["larsen"], SHAPE, 1)
