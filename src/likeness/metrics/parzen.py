"""Parzen window log-likelihood: Goodfellow et al. 2014, section 5; Makhzani et al. 2015, section 3."""

import math
from functools import partial
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.metrics._evidence import Evidence, Measured
from likeness.metrics._metric import Metric
from likeness.shapes import Images, PerSample

Samples = Float[Tensor, "m c h w"]

SAMPLES = 10_000
WIDTHS = torch.logspace(-1.2, 0, 53).tolist()
"""Standard deviations of the window that are tried on validation images, in the units of [0, 1]: so near to
one another that a step costs half a nat of 784 pixels, where ten of them cost up to 12."""
CHOOSE_BY = 1000
"""Validation images by which the width is chosen."""
MAX_ROWS = 200
"""Images whose distances to all samples are held at once."""


class Parzen(Metric):
    """Nats of images in [0, 1] under Gaussian windows around 10,000 samples, width by validation."""

    on_request: ClassVar[bool] = True
    """It decodes thousands of samples."""

    def measure(self, evidence: Evidence) -> Measured:
        samples = evidence.sample(SAMPLES)
        chosen = evidence.validation[:CHOOSE_BY]
        if not len(chosen):
            return
        distances = in_batches(partial(_distances, samples), chosen, size=MAX_ROWS)
        pixels = chosen[0].numel()
        windows = {width: partial(_window, width, pixels) for width in WIDTHS}
        scores = {
            w: float(in_batches(window, distances, size=MAX_ROWS).mean()) for w, window in windows.items()
        }
        best = max(scores, key=lambda width: scores[width])
        yield f"parzen_nats[width {best:.3f}]", parzen(evidence.images, samples, best)


def parzen(images: Images, samples: Samples, width: float) -> PerSample:
    """log of the mean of N(x | sample, width^2 I) over samples; images in [-1, 1], nats in [0, 1]."""
    pixels = images[0].numel()
    return in_batches(lambda x: _window(width, pixels, _distances(samples, x)), images, size=MAX_ROWS)


def _distances(samples: Samples, x: Images) -> Float[Tensor, "n m"]:
    """Squared distances (n, samples) in the units of [0, 1]."""
    a, b = x.flatten(1), samples.flatten(1)
    return (a.pow(2).sum(1)[:, None] + b.pow(2).sum(1)[None] - 2 * a @ b.T).clamp_min(0) / 4


def _window(width: float, pixels: int, distances: Float[Tensor, "n m"]) -> PerSample:
    norm = math.log(distances.shape[1]) + pixels * math.log(width * math.sqrt(2 * math.pi))
    return torch.logsumexp(-distances.double() / (2 * width**2), 1).float() - norm
