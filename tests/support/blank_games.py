"""Games whose networks have no weights yet, so that what a method reports has a closed form: images and
styles are nought, classes as likely as each other, and a discriminator is undecided."""

import math
from typing import Any

import torch
from torch import Tensor

from likeness import config
from likeness.batch import Batch
from likeness.nets import Networks
from likeness.nets.mlp import MLP
from likeness.noise import SeededNoise
from likeness.objectives import Objective
from likeness.shapes import Shape
from likeness.training.step import validate

SHAPE = Shape(2, 4, 4)
FAMILY = MLP(hidden=5, critic_hidden=5, std=0.3, critic_std=0.3)
PIXELS = 32
HIDDEN = FAMILY.hidden
"""Features of an image in each layer of a discriminator."""
X = torch.rand(6, *SHAPE, generator=torch.Generator().manual_seed(0)) * 2 - 1
LABELS = torch.arange(6) % 3
MSE = float(X.square().mean())
"""Of images that are nought."""
LLIKE = 0.5 * PIXELS * MSE
"""Of images that are nought, under a normal of variance one."""


def objective_of(method: str, **settings: Any) -> Objective:
    """A method with codes of three dimensions."""
    return config.check(config.objective_class(method), {"latent": 3} | settings, "objective")


def networks(objective: Objective) -> Networks:
    """Fresh networks of a method."""
    torch.manual_seed(0)
    return objective.networks(FAMILY, SHAPE)


def blank(objective: Objective) -> Networks:
    """Networks whose every weight is nought."""
    nets = networks(objective)
    with torch.no_grad():
        for weight in nets.parameters():
            weight.zero_()
    return nets


def on_a_line(objective: Objective, *places: float) -> Networks:
    """Blank networks with heads of classes at some places of the first dimension."""
    nets = blank(objective)
    with torch.no_grad():
        nets["heads"].weight[0] = torch.tensor(places)
    return nets


def seen(
    objective: Objective, nets: Networks | None = None, labels: Tensor = LABELS, t: int = 0
) -> dict[str, float]:
    """Losses and reported numbers of a step that moves nobody, of blank networks if none are given."""
    reported = validate(objective, nets or blank(objective), batch(labels, t), t)
    return {name: float(value) for name, value in reported.items()}


def batch(labels: Tensor = LABELS, t: int = 0) -> Batch:
    """The images with these labels, as step `t` has them."""
    return Batch(X, labels, torch.arange(len(X))).with_noise(SeededNoise((1, t)))


def sampled(objective: Objective, nets: Networks, n: int, temperature: float = 1.0) -> Tensor:
    """Whole codes of the prior."""
    noise = SeededNoise((1, "prior"))
    return objective.sample(nets, n, objective.code_shape(FAMILY, SHAPE), noise, temperature)


def code_size(objective: Objective) -> int:
    """Numbers of a whole code."""
    return math.prod(objective.code_shape(FAMILY, SHAPE))


def moved(objective: Objective) -> dict[str, set[str]]:
    """The players that each move changes."""
    return {name: set(players) for name, players in objective.moves.items()}
