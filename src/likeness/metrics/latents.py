"""What codes are like: how many dimensions are used, where they lie, how far they are from the prior."""

from collections.abc import Iterator
from functools import partial

from jaxtyping import Float
from torch import Tensor

from likeness.intervals import statistic_interval
from likeness.metrics._evidence import Evidence, Measured
from likeness.metrics._metric import Metric
from likeness.metrics._sets import enough, frechet_interval, kernel, resampled
from likeness.shapes import Codes

COLLAPSED = 0.5
"""Spread of posterior means, beside that of drawn codes, below which no dimension says much."""
FEWEST = 8
"""Codes of which halves of halves can still be compared."""
ACTIVE = 0.01
"""Share of the prior's variance from which on a dimension is used (Burda et al. 2016, section 5.2, for a
prior of unit variance)."""


class Latents(Metric):
    """`active_units`: dimensions whose posterior mean varies over images. `code_mean`, `code_std`: over
    all numbers of codes drawn from q(z|x); `code_scaling_factor`: 1 over that, by which a model of the
    codes multiplies them (Rombach et al. 2022, appendix G). Frechet and kernel distance of those codes
    from the prior: 0 where both are alike."""

    def measure(self, evidence: Evidence) -> Measured:
        means, z = evidence.codes, evidence.drawn
        if means is None or z is None or len(z) < 2:
            return
        z_p = evidence.prior(len(z))
        yield "active_units", statistic_interval(means, partial(active, spread=z_p.var(0)))
        yield "code_mean", statistic_interval(z, lambda rows: float(rows.mean()))
        yield "code_std", statistic_interval(z, lambda rows: float(rows.std()))
        yield "code_scaling_factor", statistic_interval(z, lambda rows: 1 / max(float(rows.std()), 1e-12))
        if enough(len(z), z.shape[1]):
            yield "frechet[codes, prior]", frechet_interval(z, z_p)
        if len(z) >= FEWEST:
            yield "kernel[codes, prior]", resampled(kernel, z, z_p)

    def dimensions(self, evidence: Evidence) -> dict[str, list[float]]:
        means, z = evidence.codes, evidence.drawn
        if means is None or z is None or len(z) < 2:
            return {}
        found = {"mean": z.mean(0), "std": z.std(0), "std_of_means": means.std(0)}
        return {name: [round(v, 6) for v in values.tolist()] for name, values in found.items()}

    def cautions(self, evidence: Evidence) -> Iterator[str]:
        means, z = evidence.codes, evidence.drawn
        if means is None or z is None or len(z) < 2:
            return
        if not enough(*z.shape):
            n, d = z.shape
            yield f"{n} codes of {d} dimensions are too few for a Frechet distance from the prior"
        share = float((means.std(0) / z.std(0).clamp_min(1e-12)).max())
        if share < COLLAPSED:
            yield (
                f"codes are nearly noise: their means vary by {share:.0%} of what q(z|x) draws, in the "
                "best dimension, and reconstructions are of means; try --likelihood learned_normal or a "
                "lower --beta"
            )


def active(means: Codes, spread: Float[Tensor, " d"]) -> float:
    """How many dimensions vary by more than a share of the prior's variance in each."""
    return float((means.var(0) > ACTIVE * spread).sum())
