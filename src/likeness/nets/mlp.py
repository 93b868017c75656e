"""Fully connected networks: Makhzani et al. 2015, appendix A."""

import math
from itertools import pairwise
from typing import Annotated

from torch import nn

from likeness.nets._condition import Chain
from likeness.nets._family import Family, initialise
from likeness.settings import Count, NonNegative, Positive, Rare, settings
from likeness.shapes import Shape


@settings
class MLP(Family):
    """Fully connected networks with ReLU (Makhzani et al. 2015). Weights are initialised from N(0, std^2),
    biases with 0."""

    hidden: Count = 1000
    """Number of units in each hidden layer."""
    depth: Count = 2
    """Number of hidden layers."""
    std: Annotated[Positive, Rare()] = 0.01
    """Standard deviation of the initial weights."""
    critic_std: Annotated[NonNegative, Rare()] = 0.01
    """Standard deviation of the initial weights of a discriminator of codes; 0 takes PyTorch's
    initialisation, which suits codes of few dimensions."""
    batch_norm: bool = False
    """Apply BatchNorm before each ReLU of the encoder, as in the paper's clustering (section 6)."""

    def encoder(self, shape: Shape, outputs: int | Shape) -> nn.Module:
        hidden = self._hidden(math.prod(shape), self.batch_norm).values()
        layers = [nn.Flatten(), *hidden, nn.Linear(self.hidden, self.flat_size(outputs))]
        return initialise(Chain(*layers), self.std)

    def decoder(self, codes: int | Shape, shape: Shape) -> nn.Module:
        layers = [*self._hidden(self.flat_size(codes)).values(), nn.Linear(self.hidden, math.prod(shape))]
        image = [nn.Tanh(), nn.Unflatten(1, tuple(shape))]
        return initialise(Chain(*layers, *image), self.std)

    def layers(self, shape: Shape) -> tuple[dict[str, nn.Module], str]:
        """Layers of the discriminator; the last hidden layer is recommended."""
        layers: dict[str, nn.Module] = dict(self._hidden(math.prod(shape)))
        layers["hidden1"] = Chain(nn.Flatten(), layers["hidden1"])
        layers["logit"] = nn.Linear(self.hidden, 1)
        return {k: initialise(v, self.std) for k, v in layers.items()}, f"hidden{self.depth}"

    def critic(self, inputs: int) -> nn.Module:
        critic = super().critic(inputs)
        return initialise(critic, self.critic_std) if self.critic_std else critic

    def _hidden(self, inputs: int, batch_norm: bool = False) -> dict[str, Chain]:
        """Hidden layers by name."""
        sizes = [inputs] + [self.hidden] * self.depth
        return {
            f"hidden{k}": Chain(nn.Linear(a, b), *([nn.BatchNorm1d(b)] if batch_norm else []), nn.ReLU())
            for k, (a, b) in enumerate(pairwise(sizes), 1)
        }
