"""The exponential moving average of weights, which often looks better than the weights themselves."""

import copy

import torch

from likeness.nets import Networks


class Average:
    """A copy of networks that follows them slowly, and more quickly at first.

    After n steps it keeps n / (n + 9) of itself, and never more than `decay`: so it averages about
    the last tenth of the steps at most, and after ten steps first weights have no share in it.
    """

    def __init__(self, nets: Networks, decay: float) -> None:
        self.nets = copy.deepcopy(nets).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def follow(self, nets: Networks, steps: int) -> None:
        """Come nearer to the parameters of `nets` after so many steps; take over their buffers."""
        kept = min(self.decay, steps / (steps + 9))
        for mine, theirs in zip(self.nets.parameters(), nets.parameters()):
            mine.lerp_(theirs, 1 - kept)
        for mine, theirs in zip(self.nets.buffers(), nets.buffers()):
            mine.copy_(theirs)
