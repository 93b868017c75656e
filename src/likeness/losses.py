"""Losses: one value per sample, summed over its dimensions, or one of a batch; in float32 at least."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.gradients import gradient
from likeness.shapes import Logits, PerSample, Probabilities, Scalar


def precise(x: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    """`x` in float32, or float64 where it is that already: sums in half precision lose digits."""
    return x.to(torch.promote_types(x.dtype, torch.float32))


def stop_gradient(x: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    """`x` held fixed: where a formula takes a value as a constant within a move."""
    return x.detach()


def per_sample(x: Float[Tensor, "n ..."]) -> PerSample:
    """Sum over all dimensions but the first."""
    return precise(x).flatten(1).sum(1)


def squared_error(x: Float[Tensor, "n ..."], y: Float[Tensor, "n ..."]) -> PerSample:
    """Sum of squared differences of each sample."""
    return per_sample((precise(x) - precise(y)) ** 2)


def mean_squared_error(
    x: Float[Tensor, "n ..."], y: Float[Tensor, "n ..."], weight: Float[Tensor, "n ..."] | None = None
) -> PerSample:
    """Mean of squared differences of each sample, over all its dimensions, each with its `weight`,
    0 or 1, where some are given."""
    if weight is None:
        return squared_error(x, y) / x[:1].numel()
    counted = per_sample(weight.expand(x.shape)).clamp_min(1)
    return per_sample((precise(x) - precise(y)) ** 2 * weight) / counted


def log_real(logits: Logits) -> PerSample:
    """log Dis: the log-probability of being real."""
    return F.logsigmoid(precise(logits))


def log_fake(logits: Logits) -> PerSample:
    """log(1 - Dis): the log-probability of being made by the decoder."""
    return F.logsigmoid(-precise(logits))


def roughness(judge: Callable[[Tensor], Logits], x: Float[Tensor, "n ..."]) -> PerSample:
    """`slope` of a discriminator at `x`, in a pass of its own, also where no gradients are kept."""
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        return slope(judge(x), x)


def slope(logits: Logits, x: Float[Tensor, "n ..."]) -> PerSample:
    """R1, Mescheder et al. 2018, equation 9: half the squared gradient of the logits at what is real.

    `x` must require its gradient and `logits` must come from it, each sample by itself but for
    batch statistics.
    """
    (g,) = gradient(precise(logits).sum(), [x], differentiable=True)
    return 0.5 * squared_error(g, torch.zeros_like(g))


def co_occurrence(a: Probabilities, b: Probabilities) -> Float[Tensor, "k k"]:
    """How often, summed over samples, one is of class i in `a` and of class j in `b`."""
    with torch.autocast(a.device.type, enabled=False):
        return precise(a).T @ precise(b)


def mutual_information(joint: Float[Tensor, "k k"]) -> Scalar:
    """I of two classes of each image, in nats, of their joint distribution made symmetric (Ji et al. 2019):
    at most the logarithm of how many classes there are, where one follows from the other.

    From few images for each class it is too high: unrelated classes seem to say something of each other.
    """
    P = ((joint + joint.T) / 2).clamp_min(torch.finfo(joint.dtype).tiny)
    log_P, log_one = P.log(), P.sum(0).log()
    return (P * (log_P - log_one - log_one[:, None])).sum()
