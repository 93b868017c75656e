"""How far reconstructions are from their images, in the features of discriminators."""

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.losses import mean_squared_error
from likeness.metrics._evidence import Evidence, Features, Measured
from likeness.metrics._metric import Metric
from likeness.shapes import Images, PerSample


class FeatureError(Metric):
    """For each judge, the squared feature error as a share of that between two different images.

    0 is the same image, 1 as far as any other image of the split is: scales of features, which are
    arbitrary, cancel.
    """

    @torch.no_grad()
    def measure(self, evidence: Evidence) -> Measured:
        if evidence.reconstructions is None:
            return
        for name, judge in evidence.judges.items():
            condition = evidence.conditions.get(name)
            other = distance(judge, evidence.images, evidence.images.roll(1, 0), condition).mean()
            mine = distance(judge, evidence.images, evidence.reconstructions, condition)
            yield f"feature_error[{name}]", mine / other.clamp_min(1e-12)


def distance(
    judge: Features, x: Images, y: Images, condition: Float[Tensor, "n a"] | None = None
) -> PerSample:
    """Squared distance of features, summed over layers, of each pair of images: both under one condition,
    where the judge is given any."""
    beside = () if condition is None else (condition,)
    return in_batches(lambda a, b, *c: _apart(judge(a, *c), judge(b, *c)), x, y, *beside)


def _apart(a: list[Float[Tensor, "n ..."]], b: list[Float[Tensor, "n ..."]]) -> PerSample:
    return torch.stack([mean_squared_error(p, q) for p, q in zip(a, b)]).sum(0)
