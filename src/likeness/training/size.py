"""How much memory networks take, known before any is taken."""

import os

import torch
from torch.nn.modules.batchnorm import _BatchNorm as BatchNorm

from likeness.errors import UserError
from likeness.nets import Family
from likeness.objectives import Objective
from likeness.shapes import Shape

BYTES_PER_PARAMETER = 16
"""float32 weight, gradient, and two averages of Adam."""


def parameter_counts(objective: Objective, net: Family, shape: Shape, width: int = 0) -> dict[str, int]:
    """Parameters of each player, with a condition of `width` numbers; no memory is taken for them."""
    with torch.device("meta"):
        players = objective.networks(net, shape, width)
    return {name: sum(p.numel() for p in player.parameters()) for name, player in players.items()}


def check_batch(objective: Objective, net: Family, shape: Shape, batch: int, width: int = 0) -> None:
    """Raises UserError if a batch of one image is to go through BatchNorm: it has no variance."""
    with torch.device("meta"):
        players = objective.networks(net, shape, width)
    moving = {player for named in objective.moves.values() for player in named}
    layers = [layer for player in moving for layer in players[player].modules()]
    if batch == 1 and any(isinstance(layer, BatchNorm) for layer in layers):
        raise UserError("BatchNorm needs two images or more, --batch is 1; raise it or take --net resnet")


def check_size(objective: Objective, net: Family, shape: Shape, width: int = 0) -> None:
    """Raises UserError if training these networks takes more memory than this machine has."""
    count = sum(parameter_counts(objective, net, shape, width).values())
    need = BYTES_PER_PARAMETER * count / 2**30
    have = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    if need > have:
        raise UserError(
            f"the networks have {count:,} parameters and need {need:.1f} GiB of {have:.1f}; "
            "lower --latent, --size or the width of --net"
        )
