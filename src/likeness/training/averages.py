"""The exponential moving average of weights, which often looks better than the weights themselves."""

import copy

import torch
from torch import nn


class Average:
    """A copy of networks that follows them slowly."""

    def __init__(self, nets: nn.ModuleDict, decay: float) -> None:
        self.nets = copy.deepcopy(nets).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def follow(self, nets: nn.ModuleDict) -> None:
        """Come nearer to the parameters of `nets`; take over their buffers as they are."""
        torch._foreach_lerp_(list(self.nets.parameters()), list(nets.parameters()), 1 - self.decay)
        for mine, theirs in zip(self.nets.buffers(), nets.buffers()):
            mine.copy_(theirs)
