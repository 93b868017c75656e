"""Distance of reconstructions from their images in the features of pretrained discriminators."""

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.losses import mean_squared_error
from likeness.metrics._evaluation_data import EvaluationData, LayerFeatures, Measurements
from likeness.metrics._metric import Metric
from likeness.shapes import Images, PerSample


class FeatureError(Metric):
    """Squared feature error of reconstructions, for each discriminator, as a share of that between two
    different images.

    0 for equal images, 1 for the mean distance of another image of the split: the arbitrary scales of
    features cancel.
    """

    @torch.no_grad()
    def measure(self, data: EvaluationData) -> Measurements:
        if data.reconstructions is None:
            return
        for name, features in data.discriminators.items():
            condition = data.discriminator_conditions.get(name)
            baseline = feature_distance(features, data.images, data.images.roll(1, 0), condition).mean()
            error = feature_distance(features, data.images, data.reconstructions, condition)
            yield f"feature_error[{name}]", error / baseline.clamp_min(1e-12)


def feature_distance(
    features: LayerFeatures, x: Images, y: Images, condition: Float[Tensor, "n a"] | None = None
) -> PerSample:
    """Squared feature distance of each pair of images, summed over layers.

    Both images of a pair have the same condition, if conditions (n, a) are given.
    """
    conditions = () if condition is None else (condition,)
    return in_batches(
        lambda a, b, *c: _squared_distance(features(a, *c), features(b, *c)), x, y, *conditions
    )


def _squared_distance(a: list[Float[Tensor, "n ..."]], b: list[Float[Tensor, "n ..."]]) -> PerSample:
    return torch.stack([mean_squared_error(p, q) for p, q in zip(a, b)]).sum(0)
