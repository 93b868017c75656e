"""How alike reconstructions are in structure, at one scale and at several: Wang et al. 2003, 2004."""

from likeness.metrics._evidence import Evidence, Measured
from likeness.metrics._metric import Metric
from likeness.metrics._structural import WINDOW, ms_ssim, scales, ssim

ALL = 5
"""Scales of the original; `ms_ssim` of fewer says how many it has."""


class Structure(Metric):
    """`ssim` and `ms_ssim`: 1 is the same image. Images too small for a window, or for two scales, have
    no such number."""

    def measure(self, evidence: Evidence) -> Measured:
        x, x_tilde = evidence.images, evidence.reconstructions
        side = min(x.shape[2:])
        if x_tilde is None or side < WINDOW:
            return
        yield "ssim", ssim(x_tilde, x)
        if (count := scales(side)) > 1:
            yield "ms_ssim" if count == ALL else f"ms_ssim[{count} of {ALL} scales]", ms_ssim(x_tilde, x)
