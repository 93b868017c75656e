"""Whether samples are copies of training images."""

import torch

from likeness.metrics._evidence import Evidence, Measured
from likeness.metrics._neighbours import nearest

ON_REQUEST = True
"""Measured only where it is asked for by name: it reads the training images."""
MOST = 2000
"""Samples and images that are looked at."""


def measure(evidence: Evidence) -> Measured:
    """`nearest_training_image`: the pixel distance of each sample to the nearest training image, as a
    share of the mean such distance of images of the split. Well below 1 are copies, well above 1 are
    images unlike the data."""
    known = evidence.training().flatten(1)
    if not len(known):
        return
    samples = evidence.sample(min(MOST, len(evidence.images))).clamp(-1, 1)
    usual = nearest(evidence.images[:MOST].flatten(1), known).mean()
    yield "nearest_training_image", (nearest(samples.flatten(1), known) / usual).to(torch.float32)
