"""Size of networks, known before any memory is allocated."""

import os

import torch
from torch.nn.modules.batchnorm import _BatchNorm as BatchNorm

from likeness.errors import UserError
from likeness.nets import Family
from likeness.objectives import Objective
from likeness.shapes import Shape

BYTES_PER_PARAMETER = 16
"""Bytes of a float32 weight, its gradient, and two averages of Adam."""


def parameter_counts(objective: Objective, net: Family, shape: Shape, width: int = 0) -> dict[str, int]:
    """Number of parameters of each player, with conditions of `width` numbers; allocates no memory."""
    with torch.device("meta"):
        nets = objective.networks(net, shape, width)
    return {name: sum(p.numel() for p in player.parameters()) for name, player in nets.items()}


def check_batch(objective: Objective, net: Family, shape: Shape, batch: int, width: int = 0) -> None:
    """Raises UserError for a batch of one image and a network with BatchNorm: it has no variance."""
    with torch.device("meta"):
        nets = objective.networks(net, shape, width)
    moving = {player for players in objective.moves.values() for player in players}
    layers = [layer for player in moving for layer in nets[player].modules()]
    if batch == 1 and any(isinstance(layer, BatchNorm) for layer in layers):
        raise UserError("BatchNorm needs two images or more, --batch is 1; raise it or take --net resnet")


def check_size(objective: Objective, net: Family, shape: Shape, width: int = 0) -> None:
    """Raises UserError if training the networks takes more memory than this machine has."""
    count = sum(parameter_counts(objective, net, shape, width).values())
    required = BYTES_PER_PARAMETER * count / 2**30
    available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    if required > available:
        raise UserError(
            f"the networks have {count:,} parameters and need {required:.1f} GiB of {available:.1f}; "
            "lower --latent, --size or the width of --net"
        )
