"""The exponential moving average of weights, which often gives better images than the weights."""

import copy

import torch

from likeness.nets import Networks


class Average:
    """Exponential moving average of the weights of networks.

    Its decay after n steps is n / (n + 9), at most `decay`: it averages at most about the last tenth of
    the steps, and soon forgets the initial weights.
    """

    def __init__(self, nets: Networks, decay: float) -> None:
        self.nets = copy.deepcopy(nets).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, nets: Networks, steps: int) -> None:
        """Update the average with the parameters of `nets` after `steps` steps; copy their buffers."""
        decay = min(self.decay, steps / (steps + 9))
        for average, parameter in zip(self.nets.parameters(), nets.parameters()):
            average.lerp_(parameter, 1 - decay)
        for average, buffer in zip(self.nets.buffers(), nets.buffers()):
            average.copy_(buffer)
