"""Where and how far two images differ, pixel by pixel and by a learned metric."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.losses import mean_squared_error
from likeness.shapes import Images
from likeness.similarity.image_metric import ImageMetric


class Differences(NamedTuple):
    """The differences of two images."""

    mse: float
    """Mean squared error in the units of [-1, 1]."""
    psnr: float
    """In decibels."""
    pixels: Float[Tensor, "h w"]
    """Mean absolute difference of each pixel, as a share of the whole range."""
    distance: float | None
    """By the learned metric, where there is one."""
    learned: Float[Tensor, "h w"] | None


@torch.no_grad()
def compare_images(x: Images, made: Images, metric: ImageMetric | None) -> Differences:
    """The differences of two images (1, c, h, w) in [-1, 1]."""
    made = made.clamp(-1, 1)
    mse = float(mean_squared_error(x, made))
    psnr = float(10 * torch.log10(4 / torch.tensor(mse).clamp_min(1e-12)))
    pixels = (x - made).abs()[0].mean(0) / 2
    if metric is None:
        return Differences(mse, psnr, pixels, None, None)
    return Differences(mse, psnr, pixels, float(metric(x, made)), metric.map(x, made)[0])
