"""Whether samples are copies of training images."""

from typing import ClassVar

import torch

from likeness.metrics._evidence import Evidence, Measured
from likeness.metrics._metric import Metric
from likeness.metrics._neighbours import nearest

MOST = 2000
"""Samples and images that are looked at."""


class Memorisation(Metric):
    """`nearest_training_image`: the pixel distance of each sample to the nearest training image, as a
    share of the mean such distance of images of the split. Well below 1 are copies, well above 1 are
    images unlike the data."""

    on_request: ClassVar[bool] = True
    """It reads the training images."""

    def measure(self, evidence: Evidence) -> Measured:
        known = evidence.training().flatten(1)
        if not len(known):
            return
        samples = evidence.sample(min(MOST, len(evidence.images))).clamp(-1, 1)
        usual = nearest(evidence.images[:MOST].flatten(1), known).mean()
        yield "nearest_training_image", (nearest(samples.flatten(1), known) / usual).to(torch.float32)
