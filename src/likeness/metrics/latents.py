"""Statistics of codes: active dimensions, mean and spread, and distance from the prior."""

from collections.abc import Iterator
from functools import partial

from jaxtyping import Float
from torch import Tensor

from likeness.intervals import statistic_interval
from likeness.metrics._evaluation_data import EvaluationData, Measurements
from likeness.metrics._metric import Metric
from likeness.metrics._sets import (
    frechet_interval,
    has_enough_rows,
    kernel_distance,
    subsampling_interval,
)
from likeness.shapes import Codes

MIN_SIGNAL_SHARE = 0.5
"""Standard deviation of posterior means, as a share of that of sampled codes, below which a dimension is
mostly noise."""
MIN_CODES = 8
"""Least number of codes of which halves of halves can be compared."""
MIN_ACTIVE_VARIANCE = 0.01
"""Least variance of an active dimension, as a share of the prior's (Burda et al. 2016, section 5.2, for a
prior of unit variance)."""


class Latents(Metric):
    """Active units, moments of sampled codes, and their Frechet and kernel distance from the prior.

    `active_units`: dimensions whose posterior mean varies over images. `code_mean`, `code_std`: over all
    numbers of codes sampled from q(z|x). `code_scaling_factor`: 1 / `code_std`, by which a diffusion model
    of the codes multiplies them (Rombach et al. 2022, appendix G). The distances are 0 for equal
    distributions.
    """

    def measure(self, data: EvaluationData) -> Measurements:
        means, z = data.codes, data.sampled_codes
        if means is None or z is None or len(z) < 2:
            return
        z_p = data.sample_prior(len(z))
        active_units = partial(active_unit_count, prior_variance=z_p.var(0))
        yield "active_units", statistic_interval(means, active_units)
        yield "code_mean", statistic_interval(z, lambda rows: float(rows.mean()))
        yield "code_std", statistic_interval(z, lambda rows: float(rows.std()))
        yield "code_scaling_factor", statistic_interval(z, lambda rows: 1 / max(float(rows.std()), 1e-12))
        if has_enough_rows(len(z), z.shape[1]):
            yield "frechet[codes, prior]", frechet_interval(z, z_p)
        if len(z) >= MIN_CODES:
            yield "kernel[codes, prior]", subsampling_interval(kernel_distance, z, z_p)

    def dimension_statistics(self, data: EvaluationData) -> dict[str, list[float]]:
        means, z = data.codes, data.sampled_codes
        if means is None or z is None or len(z) < 2:
            return {}
        statistics = {"mean": z.mean(0), "std": z.std(0), "std_of_means": means.std(0)}
        return {name: [round(v, 6) for v in values.tolist()] for name, values in statistics.items()}

    def cautions(self, data: EvaluationData) -> Iterator[str]:
        means, z = data.codes, data.sampled_codes
        if means is None or z is None or len(z) < 2:
            return
        if not has_enough_rows(*z.shape):
            n, d = z.shape
            yield f"{n} codes of {d} dimensions are too few for a Frechet distance from the prior"
        share = float((means.std(0) / z.std(0).clamp_min(1e-12)).max())
        if share < MIN_SIGNAL_SHARE:
            yield (
                f"codes are nearly noise: their means vary by {share:.0%} of what q(z|x) draws, in the "
                "best dimension, and reconstructions are of means; try --likelihood learned_normal or a "
                "lower --beta"
            )


def active_unit_count(means: Codes, prior_variance: Float[Tensor, " d"]) -> float:
    """Number of dimensions in which posterior means vary by more than MIN_ACTIVE_VARIANCE of the prior's
    variance."""
    return float((means.var(0) > MIN_ACTIVE_VARIANCE * prior_variance).sum())
