"""The exponential moving average of weights, which often looks better than the weights themselves."""

import copy

import torch

from likeness.nets._family import Networks


class Average:
    """A copy of networks that follows them slowly."""

    def __init__(self, nets: Networks, decay: float) -> None:
        self.nets = copy.deepcopy(nets).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def follow(self, nets: Networks) -> None:
        """Come nearer to the parameters of `nets`; take over their buffers as they are."""
        for mine, theirs in zip(self.nets.parameters(), nets.parameters()):
            mine.lerp_(theirs, 1 - self.decay)
        for mine, theirs in zip(self.nets.buffers(), nets.buffers()):
            mine.copy_(theirs)
