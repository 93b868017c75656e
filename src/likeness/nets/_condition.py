"""Networks with a condition beside their inputs: attributes (Larsen et al. 2016, section 4.2), a class, or
real numbers.

Modules that take one have `forward(x, condition=None)`; a `Chain` hands it to those of its layers that do.
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
"""Those that have the condition beside their inputs."""
Condition = Float[Tensor, "_ a"] | None
"""What is known of each of n images or codes, a row each; of n after n, such as images and then their
reconstructions in one batch, it is that of the first n again, and one row is of all."""


class ConditionalModule(nn.Module):
    """A module with `forward(x, condition=None)`."""


def apply_layer(layer: nn.Module, x: Any, condition: Condition) -> Any:
    """What a layer makes of `x`, given the condition if it takes one."""
    return layer(x, condition) if isinstance(layer, ConditionalModule) else layer(x)


class Chain(nn.Sequential, ConditionalModule):
    """Layers one after the other, each with the condition if it takes one."""

    def forward(self, x: Any, condition: Condition = None) -> Any:
        """What the last layer makes."""
        for layer in self:
            x = apply_layer(layer, x, condition)
        return x


def add_condition(network: nn.Module, size: int) -> nn.Module:
    """`network` with a condition of `size` numbers beside the inputs of every convolution and every linear
    layer."""
    for name, layer in list(network.named_children()):
        if isinstance(layer, LAYERS_WITH_WEIGHTS):
            setattr(network, name, Conditioned(layer, size))
        else:
            add_condition(layer, size)
    return network


class Conditioned(ConditionalModule):
    """A layer with a condition beside its inputs: concatenated, or tiled as channels that a convolution
    looks at in the middle of its kernel (around it they are the same, but for the edges).

    Either adds a linear map of the condition to each output, which is how it is computed. Its first
    weights are drawn from those of the layer. Raises UserError where there is no condition.
    """

    def __init__(self, layer: WithWeights, size: int) -> None:
        super().__init__()
        outputs = layer.out_features if isinstance(layer, nn.Linear) else layer.out_channels
        self.layer = layer
        self.beside = nn.Linear(size, outputs, bias=False)
        with torch.no_grad():
            known, wanted = layer.weight.flatten(), self.beside.weight
            wanted.copy_(known[torch.randint(len(known), wanted.shape)])
        if is_parametrized(layer, "weight"):
            spectral_norm(self.beside)

    def forward(self, x: Tensor, condition: Condition = None) -> Tensor:
        """The outputs of the layer, each moved by the condition."""
        if condition is None:
            raise UserError(
                "this model is conditioned, and there is no condition here; give one, or take a model "
                "without"
            )
        added = self.beside(condition.to(self.beside.weight))
        outputs = self.layer(x)
        places = (1,) * (outputs.dim() - 2)
        times = x.shape[0] // max(added.shape[0], 1)
        return outputs + added.repeat(times, 1).view(x.shape[0], added.shape[1], *places)


KEPT = 0.99
"""How much of a running value stays at each step, after some hundred of them."""


class Networks(nn.ModuleDict):
    """Players by name, and values that run along: the only state of a game."""

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
        """Values that are means over past batches, by name."""
        return {name: self.get_buffer(f"running_{name}") for name in self._running}

    @torch.no_grad()
    def update_running(self, means: Mapping[str, Tensor]) -> None:
        """Move running values nearer to their means over a batch; the first takes the place of what was
        there, as each of the first counts alike."""
        for name, mean in means.items():
            value, steps = self.running_values[name], self.get_buffer(f"steps_of_{name}")
            kept = torch.clamp(steps / (steps + 1), max=KEPT)
            value.copy_(kept * value + (1 - kept) * mean)
            steps.add_(1)

    def __getitem__(self, key: str) -> Any:
        return super().__getitem__(key)

    def of(self, condition: Condition) -> "Networks | BoundPlayers":
        """The same players, of which those that take a condition are given this one."""
        return (
            BoundPlayers(self, condition)
            if any(isinstance(m, Conditioned) for m in self.modules())
            else self
        )


class BoundPlayers:
    """Players, of which those that take a condition are given the same one at each pass."""

    def __init__(self, nets: Networks, condition: Condition) -> None:
        self.nets, self.condition = nets, condition

    def __getitem__(self, key: str) -> Any:
        player = self.nets[key]
        return BoundPlayer(player, self.condition) if isinstance(player, ConditionalModule) else player

    def __contains__(self, key: str) -> bool:
        return key in self.nets

    @property
    def running_values(self) -> dict[str, Tensor]:
        """Values that are means over past batches, by name."""
        return self.nets.running_values

    def of(self, condition: Condition) -> "Networks | BoundPlayers":
        """The players with another condition."""
        return self.nets.of(condition)


class BoundPlayer:
    """A player that is given the same condition at each pass; all else is the player's own."""

    def __init__(self, player: nn.Module, condition: Condition) -> None:
        self._player, self._condition = player, condition

    def __call__(self, x: Any) -> Any:
        return self._player(x, self._condition)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._player, name)


Players = Networks | BoundPlayers
"""Players by name, as a step has them."""
