"""Codes optimised by gradient descent through fixed networks."""

from collections.abc import Callable

import torch

from likeness.gradients import gradient
from likeness.shapes import Codes, PerSample

ADAM_DECAYS = 0.9, 0.999
"""Decays of Adam's means of gradients and of their squares (Kingma and Ba 2015)."""
ADAM_EPSILON = 1e-8


def project(error: Callable[[Codes], PerSample], start: Codes, steps: int, rate: float) -> Codes:
    """The codes (n, d) of least `error` during `steps` steps of Adam from `start`, each row by itself.

    `rate` is the learning rate, which falls linearly to 0. The error is never larger than that of `start`.
    """
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
        mean, square = mean.lerp(g, 1 - ADAM_DECAYS[0]), square.lerp(g * g, 1 - ADAM_DECAYS[1])
        unbiased = mean / (1 - ADAM_DECAYS[0] ** (t + 1)), square / (1 - ADAM_DECAYS[1] ** (t + 1))
        z = z - rate * (1 - t / (steps + 1)) * unbiased[0] / (unbiased[1].sqrt() + ADAM_EPSILON)
    return best
