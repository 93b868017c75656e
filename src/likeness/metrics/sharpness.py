"""How sharp images are: the strength of their edges, beside that of real ones."""

from likeness.losses import per_sample
from likeness.metrics._evidence import Evidence, Measured
from likeness.metrics._metric import Metric
from likeness.shapes import Images, PerSample


class Sharpness(Metric):
    """Edges of images, reconstructions and samples: blur lowers them, noise raises them."""

    def measure(self, evidence: Evidence) -> Measured:
        yield "edges_images", edges(evidence.images)
        if evidence.reconstructions is not None:
            yield "edges_reconstructions", edges(evidence.reconstructions)
        yield "edges_samples", edges(evidence.sample(len(evidence.images)))


def edges(x: Images) -> PerSample:
    """Mean squared difference between each pixel and those right of it and below."""
    across, down = x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]
    terms = [per_sample(d**2) / d[0].numel() for d in (across, down) if d.numel()]
    return sum(terms, per_sample(0 * x))
