"""Distance of samples from the nearest training image, which is small for copies."""

from typing import ClassVar

import torch

from likeness.metrics._evaluation_data import EvaluationData, Measurements
from likeness.metrics._metric import Metric
from likeness.metrics._neighbours import nearest_distances

MAX_IMAGES = 2000
"""Most samples, and most images of the split, that are compared."""


class Memorisation(Metric):
    """`nearest_training_image`: pixel distance of each sample to the nearest training image, as a share of
    the mean distance of images of the split to theirs.

    Well below 1 for copies, well above 1 for images unlike the data.
    """

    on_request: ClassVar[bool] = True
    """True, because it reads the training images."""

    def measure(self, data: EvaluationData) -> Measurements:
        training = data.load_training_images().flatten(1)
        if not len(training):
            return
        samples = data.sample_images(min(MAX_IMAGES, len(data.images))).clamp(-1, 1)
        baseline = nearest_distances(data.images[:MAX_IMAGES].flatten(1), training).mean()
        distances = nearest_distances(samples.flatten(1), training)
        yield "nearest_training_image", (distances / baseline).to(torch.float32)
