"""How far reconstructions are from their images, in the features of discriminators."""

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.losses import mean_squared_error
from likeness.metrics._evidence import Evidence, Features, Measured
from likeness.shapes import Images, PerSample


@torch.no_grad()
def measure(evidence: Evidence) -> Measured:
    """For each judge, the squared feature error as a share of that between two different images.

    0 is the same image, 1 as far as any other image of the split is: scales of features, which are
    arbitrary, cancel.
    """
    if evidence.reconstructions is None:
        return
    for name, judge in evidence.judges.items():
        other = distance(judge, evidence.images, evidence.images.roll(1, 0)).mean()
        mine = distance(judge, evidence.images, evidence.reconstructions)
        yield f"feature_error[{name}]", mine / other.clamp_min(1e-12)


def distance(judge: Features, x: Images, y: Images) -> PerSample:
    """Squared distance of features, summed over layers, of each pair of images."""
    return in_batches(lambda a, b: _apart(judge(a), judge(b)), x, y)


def _apart(a: list[Float[Tensor, "n ..."]], b: list[Float[Tensor, "n ..."]]) -> PerSample:
    return torch.stack([mean_squared_error(p, q) for p, q in zip(a, b)]).sum(0)
