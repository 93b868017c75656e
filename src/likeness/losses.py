"""Losses: one value per sample, summed over its dimensions, or one per batch; in float32 or float64."""

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
    """`x` as a constant: for values that a formula holds fixed within a move."""
    return x.detach()


def per_sample(x: Float[Tensor, "n ..."]) -> PerSample:
    """Sum of values (n, ...) over all dimensions except the first."""
    return at_least_float32(x).flatten(1).sum(1)


def squared_error(x: Float[Tensor, "n ..."], y: Float[Tensor, "n ..."]) -> PerSample:
    """Sum of squared differences for each sample."""
    return per_sample((at_least_float32(x) - at_least_float32(y)) ** 2)


def mean_squared_error(
    x: Float[Tensor, "n ..."], y: Float[Tensor, "n ..."], weight: Float[Tensor, "n ..."] | None = None
) -> PerSample:
    """Mean of squared differences for each sample, over the dimensions whose `weight` is 1 rather than 0;
    over all of them where `weight` is None."""
    if weight is None:
        return squared_error(x, y) / x[:1].numel()
    counts = per_sample(weight.expand(x.shape)).clamp_min(1)
    return per_sample((at_least_float32(x) - at_least_float32(y)) ** 2 * weight) / counts


def log_real(logits: Logits) -> PerSample:
    """log Dis: the log-probability that a sample is real."""
    return F.logsigmoid(at_least_float32(logits))


def log_fake(logits: Logits) -> PerSample:
    """log(1 - Dis): the log-probability that a sample is generated."""
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
    """Expected number of samples (i, j) of class i in `a` and of class j in `b`, both (n, k)."""
    with torch.autocast(a.device.type, enabled=False):
        return at_least_float32(a).T @ at_least_float32(b)


def mutual_information(joint: Float[Tensor, "k k"]) -> Scalar:
    """Mutual information, in nats, of a joint distribution (k, k) of two classes, after it is made
    symmetric (Ji et al. 2019); at most log k, where one class determines the other.

    An estimate from few samples per class is too high.
    """
    P = ((joint + joint.T) / 2).clamp_min(torch.finfo(joint.dtype).tiny)
    log_P, log_one = P.log(), P.sum(0).log()
    return (P * (log_P - log_one - log_one[:, None])).sum()
