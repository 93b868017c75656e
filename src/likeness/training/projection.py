"""Codes found by descent: the networks stand still, the codes move."""

from collections.abc import Callable

import torch

from likeness.gradients import gradient
from likeness.shapes import Codes, PerSample

DECAYS = 0.9, 0.999
"""Of Adam's means of gradients and of their squares (Kingma and Ba 2015)."""
TINY = 1e-8


def project(error: Callable[[Codes], PerSample], start: Codes, steps: int, rate: float) -> Codes:
    """The codes of least `error` met on `steps` of Adam from `start`, each on its own; never worse than
    those it started from. `rate` is how far a coordinate moves at first, and falls to nothing."""
    best, z = start.clone(), start.clone()
    least = torch.full((len(z),), float("inf"))
    mean, square = torch.zeros_like(z), torch.zeros_like(z)
    for t in range(steps + 1):
        with torch.enable_grad():
            e = error(z.requires_grad_())
            (g,) = gradient(e.sum(), [z])
        z, e = z.detach(), e.detach()
        better = e < least
        best, least = torch.where(better[:, None], z, best), torch.where(better, e, least)
        mean, square = mean.lerp(g, 1 - DECAYS[0]), square.lerp(g * g, 1 - DECAYS[1])
        unbiased = mean / (1 - DECAYS[0] ** (t + 1)), square / (1 - DECAYS[1] ** (t + 1))
        z = z - rate * (1 - t / (steps + 1)) * unbiased[0] / (unbiased[1].sqrt() + TINY)
    return best
