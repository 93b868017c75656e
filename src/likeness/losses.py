"""Losses: one value per sample, summed over its dimensions, or one of a batch; in float32 at least."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.gradients import gradient
from likeness.shapes import Logits, PerSample, Probabilities, Scalar


def at_least_float32(x: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    """`x` in float32, or in float64 if it is float64: sums in half precision lose digits."""
    return x.to(torch.promote_types(x.dtype, torch.float32))


def stop_gradient(x: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    """`x` held fixed: where a formula takes a value as a constant within a move."""
    return x.detach()


def per_sample(x: Float[Tensor, "n ..."]) -> PerSample:
    """Sum over all dimensions but the first."""
    return at_least_float32(x).flatten(1).sum(1)


def squared_error(x: Float[Tensor, "n ..."], y: Float[Tensor, "n ..."]) -> PerSample:
    """Sum of squared differences of each sample."""
    return per_sample((at_least_float32(x) - at_least_float32(y)) ** 2)


def mean_squared_error(
    x: Float[Tensor, "n ..."], y: Float[Tensor, "n ..."], weight: Float[Tensor, "n ..."] | None = None
) -> PerSample:
    """Mean of squared differences of each sample, over all its dimensions, each with its `weight`,
    0 or 1, where some are given."""
    if weight is None:
        return squared_error(x, y) / x[:1].numel()
    counted = per_sample(weight.expand(x.shape)).clamp_min(1)
    return per_sample((at_least_float32(x) - at_least_float32(y)) ** 2 * weight) / counted


def log_real(logits: Logits) -> PerSample:
    """log Dis: the log-probability of being real."""
    return F.logsigmoid(at_least_float32(logits))


def log_fake(logits: Logits) -> PerSample:
    """log(1 - Dis): the log-probability of being made by the decoder."""
    return F.logsigmoid(-at_least_float32(logits))


def r1_penalty(discriminator: Callable[[Tensor], Logits], x: Float[Tensor, "n ..."]) -> PerSample:
    """R1, Mescheder et al. 2018, equation 9: half the squared gradient of the logits at real samples `x`.

    It is computed in a pass of its own, with gradients enabled. The logits of a sample must depend on
    the other samples through batch statistics only.
    """
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        logits = at_least_float32(discriminator(x))
        (g,) = gradient(logits.sum(), [x], differentiable=True)
        return 0.5 * squared_error(g, torch.zeros_like(g))


def co_occurrence(a: Probabilities, b: Probabilities) -> Float[Tensor, "k k"]:
    """How often, summed over samples, one is of class i in `a` and of class j in `b`."""
    with torch.autocast(a.device.type, enabled=False):
        return at_least_float32(a).T @ at_least_float32(b)


def mutual_information(joint: Float[Tensor, "k k"]) -> Scalar:
    """I of two classes of each image, in nats, of their joint distribution made symmetric (Ji et al. 2019):
    at most the logarithm of how many classes there are, where one follows from the other.

    From few images for each class it is too high: unrelated classes seem to say something of each other.
    """
    P = ((joint + joint.T) / 2).clamp_min(torch.finfo(joint.dtype).tiny)
    log_P, log_one = P.log(), P.sum(0).log()
    return (P * (log_P - log_one - log_one[:, None])).sum()
