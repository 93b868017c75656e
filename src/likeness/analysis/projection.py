"""Codes found by gradient descent, whose decoded images are nearest to given images."""

from dataclasses import dataclass

import torch

from likeness.data.conditions import Conditioning, Rows, rows_of
from likeness.losses import mean_squared_error
from likeness.models.autoencoder import Autoencoder
from likeness.shapes import Codes, Images, Labels, PerSample
from likeness.similarity.image_metric import ImageMetric
from likeness.training.projection import project

START_SAMPLES = 256
"""Samples of the prior among which a start is chosen where there is no encoder."""


@dataclass(frozen=True)
class ProjectionLoss:
    """The distance of a decoded image from the given one."""

    metric: ImageMetric | None
    pixels: float = 1.0
    """Weight of the mean squared error of pixels in [-1, 1]."""
    learned: float = 1.0
    """Weight of the learned distance, where there is a metric."""

    def __call__(self, made: Images, x: Images) -> PerSample:
        """The error of each pair."""
        error = self.pixels * mean_squared_error(made, x)
        return error + self.learned * self.metric(made, x) if self.metric else error


def project_images(
    model: Autoencoder,
    x: Images,
    near: ProjectionLoss,
    labels: Labels | None = None,
    steps: int = 200,
    rate: float = 0.05,
    condition: Conditioning = None,
) -> Codes:
    """Codes of images (n, c, h, w), optimised from what the encoder says, or from the nearest of some
    samples of the prior where there is no encoder; never further from the images than those."""
    model.check_images(x)
    rows = rows_of(model.conditions, condition, len(x))
    start = model.encode(x, rows, labels).mean if model.encodes else _nearest_samples(model, x, near, rows)
    return project(lambda z: near(_clamp(model.decode(z, rows)), x), start, steps, rate)


@torch.no_grad()
def compare_projections(
    model: Autoencoder, x: Images, z: Codes, near: ProjectionLoss, condition: Conditioning = None
) -> tuple[list[Images], dict[str, PerSample]]:
    """Images, what their encoded codes decode to where there is an encoder, what `z` does; and the
    errors of the last two by name."""
    made = {"encoded": model.reconstruct(x, condition)} if model.encodes else {}
    made |= {"found": model.decode(z, condition)}
    errors = {name: near(y.clamp(-1, 1), x) for name, y in made.items()}
    return [x, *made.values()], errors


@torch.no_grad()
def _nearest_samples(model: Autoencoder, x: Images, near: ProjectionLoss, rows: Rows | None) -> Codes:
    codes, chosen = model.sample_codes(START_SAMPLES), []
    for k, one in enumerate(x):
        made = _clamp(model.decode(codes, None if rows is None else rows[k : k + 1]))
        chosen.append(near(made, one[None].expand_as(made)).argmin())
    return codes[torch.stack(chosen)]


def _clamp(made: Images) -> Images:
    """Images clamped to [-1, 1], where they are compared; gradients outside are passed through."""
    return made + (made.clamp(-1, 1) - made).detach()
