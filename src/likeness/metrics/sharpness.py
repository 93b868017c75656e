"""Sharpness of images: the strength of their edges."""

from likeness.losses import per_sample
from likeness.metrics._evaluation_data import EvaluationData, Measurements
from likeness.metrics._metric import Metric
from likeness.shapes import Images, PerSample


class Sharpness(Metric):
    """Edge strength of images, reconstructions and samples: blur lowers it, noise raises it."""

    def measure(self, data: EvaluationData) -> Measurements:
        yield "edges_images", edge_strength(data.images)
        if data.reconstructions is not None:
            yield "edges_reconstructions", edge_strength(data.reconstructions)
        yield "edges_samples", edge_strength(data.sample_images(len(data.images)))


def edge_strength(x: Images) -> PerSample:
    """Mean squared difference of each pixel from the next to the right, plus that from the next below."""
    horizontal, vertical = x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]
    terms = [per_sample(d**2) / d[0].numel() for d in (horizontal, vertical) if d.numel()]
    return sum(terms, per_sample(0 * x))
