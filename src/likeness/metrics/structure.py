"""Structural similarity of reconstructions, at one scale and at several: Wang et al. 2003, 2004."""

from likeness.metrics._evaluation_data import EvaluationData, Measurements
from likeness.metrics._metric import Metric
from likeness.metrics._structural import WINDOW_SIZE, ms_ssim, scale_count, ssim

FULL_SCALE_COUNT = 5
"""Scales of the original `ms_ssim`; a number at fewer scales names them."""


class Structure(Metric):
    """`ssim` and `ms_ssim`: 1 for equal images. Images too small for a window, or for two scales, lack the
    number."""

    def measure(self, data: EvaluationData) -> Measurements:
        x, x_tilde = data.images, data.reconstructions
        side = min(x.shape[2:])
        if x_tilde is None or side < WINDOW_SIZE:
            return
        yield "ssim", ssim(x_tilde, x)
        if (count := scale_count(side)) > 1:
            name = (
                "ms_ssim" if count == FULL_SCALE_COUNT else f"ms_ssim[{count} of {FULL_SCALE_COUNT} scales]"
            )
            yield name, ms_ssim(x_tilde, x)
