"""The laws hold for waves and volumes as they do for images, and networks learn them."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from laws import laws
from laws.games import DESIGNS, METHODS, objective_of
from likeness.batch import Batch
from likeness.nets import Family
from likeness.nets.larsen import Larsen
from likeness.nets.mlp import MLP
from likeness.nets.resnet import ResNet
from likeness.shapes import UNLABELLED, Shape
from likeness.training.loop import begin, loop, networks
from likeness.training.settings import TrainingSettings

SHAPES = [Shape(2, 16), Shape(1, 8, 8, 8)]
PLAYED: dict[str, dict[str, Any]] = {
    "vae": {},
    "gan": {"balance": False},
    "vae_gan": {"balance": False},
    "vae_dis_l": {},
    "aae": {},
}
OPTIONS: list[tuple[str, dict[str, Any]]] = [
    ("vae", {"likelihood": {"name": "learned_normal", "per": "channel"}}),
    ("gan", {"balance": False, "r1": 2.0}),
    ("vae_gan", {"balance": False, "feature_likelihood": {"name": "learned_normal", "per": "channel"}}),
    ("aae", {"view.noise": 0.3, "code_noise": 0.2}),
]
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
each_family = pytest.mark.parametrize("family", DESIGNS)
each_method = pytest.mark.parametrize("method", PLAYED)
double = pytest.mark.usefixtures("double")


@double
@each_shape
@each_family
@each_method
def test_each_phase_changes_exactly_the_networks_its_moves_name(
    method: str, family: str, shape: Shape
) -> None:
    laws.only_named_networks_change(objective_of(method, **PLAYED[method]), family, shape=shape)


@double
@each_shape
@each_family
@each_method
def test_gradients_of_each_phase_are_those_written_down_by_hand(
    method: str, family: str, shape: Shape
) -> None:
    laws.gradients_are_those_of_the_paper(objective_of(method, **PLAYED[method]), family, shape=shape)


@double
@each_shape
@pytest.mark.parametrize(("method", "settings"), OPTIONS)
def test_gradients_are_right_under_options_that_look_at_channels(
    method: str, settings: dict[str, Any], shape: Shape
) -> None:
    laws.gradients_are_those_of_the_paper(objective_of(method, **settings), "larsen", shape=shape)


@double
@each_shape
@each_family
@each_method
def test_nothing_changes_in_a_network_that_is_only_looked_through(
    method: str, family: str, shape: Shape
) -> None:
    objective = objective_of(method, **PLAYED[method])
    laws.nothing_leaks_into_what_is_looked_through(objective, family, shape=shape)


@double
@each_shape
@pytest.mark.parametrize("method", ["gan", "vae_dis_l", "vae_gan"])
def test_nor_does_what_spectral_normalisation_remembers(method: str, shape: Shape) -> None:
    objective = objective_of(method, **PLAYED[method])
    laws.only_named_networks_change(objective, "spectral", shape=shape)
    laws.nothing_leaks_into_what_is_looked_through(objective, "spectral", shape=shape)


def test_the_methods_played_are_there() -> None:
    assert PLAYED.keys() <= {*METHODS}


def waves(n: int, draw: np.random.Generator) -> Tensor:
    """Sums of two sines of any phase and of one to three periods, (n, 1, 32)."""
    t = np.linspace(0, 1, 32, endpoint=False)
    periods = draw.integers(1, 4, (n, 2, 1))
    phases = draw.uniform(0, 2 * math.pi, (n, 2, 1))
    return torch.from_numpy(0.5 * np.sin(2 * math.pi * periods * t + phases).sum(1)[:, None]).float()


def blobs(n: int, draw: np.random.Generator) -> Tensor:
    """Gaussian balls anywhere in a dark cube, (n, 1, 8, 8, 8)."""
    axes = np.stack(np.meshgrid(*(np.arange(8),) * 3, indexing="ij"))
    middle = draw.uniform(1, 6, (n, 3, 1, 1, 1))
    radius = draw.uniform(1.5, 2.5, (n, 1, 1, 1))
    ball = np.exp(-((axes - middle) ** 2).sum(1) / (2 * radius**2))
    return torch.from_numpy(2 * ball[:, None] - 1).float()


class Made:
    """Batches of made inputs, each a function of its number."""

    def __init__(self, make: Any) -> None:
        self.make = make

    def at(self, t: int) -> Batch:
        """Batch number `t`."""
        x, index = self.make(16, np.random.default_rng(t)), torch.arange(16)
        return Batch(x, torch.full_like(index, UNLABELLED), index)


LEARNING: list[tuple[Family, int]] = [
    (Larsen(width=0.1), 90),
    (ResNet(base=4), 70),
    (MLP(hidden=200, std=0.1), 150),
]
"""Families, and the steps that are enough for them."""


@pytest.mark.parametrize(("net", "steps"), LEARNING, ids=["larsen", "resnet", "mlp"])
@pytest.mark.parametrize("make", [waves, blobs])
def test_a_vae_learns_to_reconstruct_waves_and_volumes(make: Any, net: Family, steps: int) -> None:
    """From others than those on which its error is halved, which their mean would not do."""
    objective = objective_of("vae", latent=12, beta=0.1)
    training = TrainingSettings(lr=4e-3, batch=16, device="cpu", precision="float32")
    held = make(64, np.random.default_rng(10**6))
    nets = networks(objective, net, Shape(*held.shape[1:]), training)
    state = begin(objective, nets, training)

    @torch.no_grad()
    def error() -> float:
        nets.eval()
        z = objective.encode(nets, held, torch.full((64,), UNLABELLED)).mean
        found = float((nets["decoder"](z) - held).square().mean())
        nets.train()
        return found

    first = error()
    for _ in loop(objective, state, Made(make), training, 0, steps):
        pass
    of_mean = float((held - held.mean(0)).square().mean())
    assert error() < 0.5 * min(first, of_mean)
