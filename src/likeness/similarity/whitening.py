"""Linear maps of features, fitted on training images without labels."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.noise import SeededNoise
from likeness.shapes import Images
from likeness.similarity.views import Views

Features = Float[Tensor, "n d"]
Covariance = Float[Tensor, "d d"]
VIEWED_IMAGES, VIEW_COUNT = 400, 4
"""Images, and views of each, from which the covariance under views is estimated."""
RIDGE = 0.1
"""Share of the mean variance that is added to all variances before they are inverted."""


def covariance_under_views(
    features: Callable[[Images], Features], x: Images, views: Views, seed: int = 0
) -> Covariance:
    """The covariance of features around the mean of each image's own views (the within-class covariance of
    Shental et al. 2002, where each image is a class)."""
    noise = SeededNoise((seed, "whitening"), torch.device("cpu"))
    x = x[:VIEWED_IMAGES]
    seen = [features(views(x, noise.of(str(k)))) for k in range(VIEW_COUNT)]
    of_views = torch.stack([features(x), *seen])
    away = (of_views - of_views.mean(0)).flatten(0, 1)
    return away.T @ away / (VIEW_COUNT * len(x))


def whitening_matrix(covariance: Covariance, ridge: float = RIDGE) -> Covariance:
    """The symmetric matrix W with W C W = I, for C the covariance with `ridge` times its mean variance
    added to the diagonal."""
    c = covariance.double()
    c = c + ridge * c.diagonal().mean().clamp_min(1e-12) * torch.eye(len(c), dtype=c.dtype)
    values, vectors = torch.linalg.eigh(c)
    return ((vectors * values.clamp_min(1e-12).rsqrt()) @ vectors.T).to(covariance.dtype)


def relevant_components(within: Covariance, total: Features) -> Float[Tensor, "d d"]:
    """The map that whitens features under views, after each is divided by its standard deviation over
    images, so that the ridge does not favour features with large values (relevant component analysis)."""
    deviation = spread(total)
    scaled = within / deviation / deviation[:, None]
    return (1 / deviation)[:, None] * whitening_matrix(scaled)


def principal_components(x: Features, count: int) -> Float[Tensor, "d k"]:
    """The map to the `count` largest principal components of features divided by their standard deviations,
    each component scaled to about unit variance."""
    deviation = spread(x)
    standard = ((x - x.mean(0)) / deviation).double()
    values, vectors = torch.linalg.eigh(standard.T @ standard / len(x))
    values, vectors = values[-count:], vectors[:, -count:]
    scale = (values + RIDGE * values.mean()).rsqrt()
    return (1 / deviation)[:, None] * (vectors * scale).to(x.dtype)


def spread(x: Features) -> Float[Tensor, " d"]:
    """Standard deviations of features, of which those that hardly vary count as a thousandth of the
    mean."""
    deviation = x.std(0)
    return deviation.clamp_min(1e-3 * float(deviation.mean()) + 1e-8)
