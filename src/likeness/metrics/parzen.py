"""Parzen window log-likelihood: Goodfellow et al. 2014, section 5; Makhzani et al. 2015, section 3."""

import math
from functools import partial
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.metrics._evaluation_data import EvaluationData, Measurements
from likeness.metrics._metric import Metric
from likeness.shapes import Images, PerSample

Samples = Float[Tensor, "m c h w"]

SAMPLE_COUNT = 10_000
"""Samples of the model around which windows are placed."""
WINDOW_WIDTHS = torch.logspace(-1.2, 0, 53).tolist()
"""Standard deviations of the window, in the units of [0, 1], that are compared on validation images: so
dense that one step changes half a nat of 784 pixels, where ten widths would change up to 12."""
MAX_VALIDATION_IMAGES = 1000
"""Most validation images by which the width is chosen."""
MAX_ROWS = 200
"""Images whose distances to all samples are in memory at once."""


class Parzen(Metric):
    """Log-likelihood in nats of images in [0, 1] under Gaussian windows around 10,000 samples, whose width
    is chosen on validation images."""

    on_request: ClassVar[bool] = True
    """True, because it decodes thousands of samples."""

    def measure(self, data: EvaluationData) -> Measurements:
        samples = data.sample_images(SAMPLE_COUNT)
        validation = data.validation_images[:MAX_VALIDATION_IMAGES]
        if not len(validation):
            return
        distances = in_batches(partial(_squared_distances, samples), validation, size=MAX_ROWS)
        pixels = validation[0].numel()
        windows = {width: partial(_window_log_density, width, pixels) for width in WINDOW_WIDTHS}
        scores = {
            w: float(in_batches(window, distances, size=MAX_ROWS).mean()) for w, window in windows.items()
        }
        best = max(scores, key=lambda width: scores[width])
        yield f"parzen_nats[width {best:.3f}]", parzen_log_likelihood(data.images, samples, best)


def parzen_log_likelihood(images: Images, samples: Samples, width: float) -> PerSample:
    """log of the mean of N(x | sample, width^2 I) over samples; images in [-1, 1], nats in [0, 1]."""
    pixels = images[0].numel()
    return in_batches(
        lambda x: _window_log_density(width, pixels, _squared_distances(samples, x)), images, size=MAX_ROWS
    )


def _squared_distances(samples: Samples, x: Images) -> Float[Tensor, "n m"]:
    """Squared distances (n, samples) in the units of [0, 1]."""
    a, b = x.flatten(1), samples.flatten(1)
    return (a.pow(2).sum(1)[:, None] + b.pow(2).sum(1)[None] - 2 * a @ b.T).clamp_min(0) / 4


def _window_log_density(width: float, pixels: int, distances: Float[Tensor, "n m"]) -> PerSample:
    norm = math.log(distances.shape[1]) + pixels * math.log(width * math.sqrt(2 * math.pi))
    return torch.logsumexp(-distances.double() / (2 * width**2), 1).float() - norm
