"""Distance of reconstructions from their images, pixel by pixel."""

import torch

from likeness.losses import per_sample, squared_error
from likeness.metrics._evaluation_data import EvaluationData, Measurements
from likeness.metrics._metric import Metric


class PixelError(Metric):
    """Mean squared and mean absolute error in the units of [-1, 1], and PSNR in decibels."""

    def measure(self, data: EvaluationData) -> Measurements:
        x, x_tilde = data.images, data.reconstructions
        if x_tilde is None:
            return
        pixels = x[0].numel()
        mse = squared_error(x, x_tilde) / pixels
        yield "pixel_mse", mse
        yield "pixel_mae", per_sample((x - x_tilde).abs()) / pixels
        yield "psnr_db", 10 * torch.log10(4 / mse.clamp_min(1e-12))
