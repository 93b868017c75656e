"""Conditional networks: conditions are attributes (Larsen et al. 2016, section 4.2), classes or real
numbers.

Conditional modules have `forward(x, condition=None)`; a `Chain` passes the condition to its conditional
layers.
"""

from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm
from torch.nn.utils.parametrize import is_parametrized

from likeness.errors import UserError
from likeness.nets._layers import LAYERS_WITH_WEIGHTS, WithWeights

PLAYERS = ("encoder", "decoder", "discriminator")
"""Names of the players that take the condition."""
Condition = Float[Tensor, "_ a"] | None
"""Conditions, one row per image or code. They are repeated for batches of several times as many images,
such as images and then their reconstructions; a single row holds for all."""


class ConditionalModule(nn.Module):
    """Base class of modules with `forward(x, condition=None)`."""


def apply_layer(layer: nn.Module, x: Any, condition: Condition) -> Any:
    """Apply a layer to `x`, with the condition if the layer is conditional."""
    return layer(x, condition) if isinstance(layer, ConditionalModule) else layer(x)


class Chain(nn.Sequential, ConditionalModule):
    """A sequence of layers, of which the conditional ones get the condition."""

    def forward(self, x: Any, condition: Condition = None) -> Any:
        """The output of the last layer."""
        for layer in self:
            x = apply_layer(layer, x, condition)
        return x


def add_condition(network: nn.Module, size: int) -> nn.Module:
    """Make every convolution and linear layer of `network` conditional, for conditions of `size`
    numbers."""
    for name, layer in list(network.named_children()):
        if isinstance(layer, LAYERS_WITH_WEIGHTS):
            setattr(network, name, Conditioned(layer, size))
        else:
            add_condition(layer, size)
    return network


class Conditioned(ConditionalModule):
    """A layer plus a linear map of the condition.

    For a linear layer this is concatenation of the condition to the inputs; for a convolution it is
    concatenation as constant channels, except at the edges. The map is initialised with random weights of
    the layer.
    """

    def __init__(self, layer: WithWeights, size: int) -> None:
        super().__init__()
        outputs = layer.out_features if isinstance(layer, nn.Linear) else layer.out_channels
        self.layer = layer
        self.beside = nn.Linear(size, outputs, bias=False)
        with torch.no_grad():
            weights, initial = layer.weight.flatten(), self.beside.weight
            initial.copy_(weights[torch.randint(len(weights), initial.shape)])
        if is_parametrized(layer, "weight"):
            spectral_norm(self.beside)

    def forward(self, x: Tensor, condition: Condition = None) -> Tensor:
        """The outputs of the layer plus the map of the condition. Raises UserError without a condition."""
        if condition is None:
            raise UserError(
                "this model is conditional, and no condition is given; "
                "give one, or take an unconditional model"
            )
        shift = self.beside(condition.to(self.beside.weight))
        outputs = self.layer(x)
        places = (1,) * (outputs.dim() - 2)
        repeats = x.shape[0] // max(shift.shape[0], 1)
        return outputs + shift.repeat(repeats, 1).view(x.shape[0], shift.shape[1], *places)


MAX_DECAY = 0.99
"""Decay of running values after the first hundred steps; before, all steps have the same weight."""


class Networks(nn.ModuleDict):
    """Players by name, and running values: the state of an objective."""

    def __init__(
        self, players: Mapping[str, nn.Module] | None = None, running: Mapping[str, Tensor] | None = None
    ) -> None:
        super().__init__(players)
        self._running = list(running or {})
        for name, value in (running or {}).items():
            self.register_buffer(f"running_{name}", value)
            self.register_buffer(f"steps_of_{name}", torch.zeros(()))

    @property
    def running_values(self) -> dict[str, Tensor]:
        """Means over past batches, by name."""
        return {name: self.get_buffer(f"running_{name}") for name in self._running}

    @torch.no_grad()
    def update_running(self, means: Mapping[str, Tensor]) -> None:
        """Update running values with their means over a batch; the first update replaces initial values."""
        for name, mean in means.items():
            value, steps = self.running_values[name], self.get_buffer(f"steps_of_{name}")
            decay = torch.clamp(steps / (steps + 1), max=MAX_DECAY)
            value.copy_(decay * value + (1 - decay) * mean)
            steps.add_(1)

    def __getitem__(self, key: str) -> Any:
        return super().__getitem__(key)

    def of(self, condition: Condition) -> "Networks | BoundPlayers":
        """The players, of which the conditional ones get `condition` at each pass."""
        return (
            BoundPlayers(self, condition)
            if any(isinstance(m, Conditioned) for m in self.modules())
            else self
        )


class BoundPlayers:
    """Players, of which the conditional ones get the same condition at each pass."""

    def __init__(self, nets: Networks, condition: Condition) -> None:
        self.nets, self.condition = nets, condition

    def __getitem__(self, key: str) -> Any:
        player = self.nets[key]
        return BoundPlayer(player, self.condition) if isinstance(player, ConditionalModule) else player

    def __contains__(self, key: str) -> bool:
        return key in self.nets

    @property
    def running_values(self) -> dict[str, Tensor]:
        """Means over past batches, by name."""
        return self.nets.running_values

    def of(self, condition: Condition) -> "Networks | BoundPlayers":
        """The players bound to another condition."""
        return self.nets.of(condition)


class BoundPlayer:
    """A conditional player that gets the same condition at each pass; its attributes are the player's."""

    def __init__(self, player: nn.Module, condition: Condition) -> None:
        self._player, self._condition = player, condition

    def __call__(self, x: Any) -> Any:
        return self._player(x, self._condition)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._player, name)


Players = Networks | BoundPlayers
"""Players by name, as steps get them."""
