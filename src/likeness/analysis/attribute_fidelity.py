"""How well samples have the attributes that were asked for (Larsen et al. 2016, section 4.2)."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.intervals import Interval, interval
from likeness.models.autoencoder import Autoencoder
from likeness.predictors.predictor import Predictions, signs
from likeness.predictors.regressor import Regressor
from likeness.shapes import Images, PerSample

SAMPLES_PER_IMAGE, ERROR_SAMPLES = 10, 25
"""Samples for each image of which the best cosine counts, and for how many the squared error is
averaged, as in the paper."""


@dataclass(frozen=True)
class AttributeFidelity:
    """How near the predicted attributes are to those asked for, both in -1 and 1."""

    cosine: Interval
    """Of the angle between them; of the best of BEST_OF samples for each image."""
    mse: float
    """Mean of squared differences over images, attributes and RUNS samples."""
    spread: float
    """Standard deviation of that over the RUNS samples; 0 for images, of which there is one."""


def sample_fidelity(
    model: Autoencoder, regressor: Regressor, attributes: Float[Tensor, "n a"]
) -> AttributeFidelity:
    """The fidelity of samples that a model makes for the attributes (0 and 1) of real images, as the
    regressor predicts them."""
    wanted, cosines, errors = signs(attributes), [], []
    for seed in range(ERROR_SAMPLES):
        read = regressor.predict(model.decode(model.sample_codes(len(attributes), seed), attributes))
        cosines.append(cosine(read, wanted))
        errors.append((read - wanted).square().mean())
    error = torch.stack(errors)
    best = torch.stack(cosines[:SAMPLES_PER_IMAGE]).amax(0)
    return AttributeFidelity(interval(best), float(error.mean()), float(error.std()))


def image_fidelity(regressor: Regressor, x: Images, attributes: Float[Tensor, "n a"]) -> AttributeFidelity:
    """The fidelity of real images: with their own attributes, the best that samples can be expected to
    reach; with those of other images, the worst."""
    read, wanted = regressor.predict(x), signs(attributes)
    return AttributeFidelity(interval(cosine(read, wanted)), float((read - wanted).square().mean()), 0.0)


def cosine(a: Predictions, b: Predictions) -> PerSample:
    """The cosine of the angle between rows."""
    return F.cosine_similarity(a, b)
