"""The input of metrics: images that a model was not trained on, and outputs of the model for them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from jaxtyping import Float, Int
from torch import Tensor

from likeness.intervals import Interval
from likeness.shapes import Codes, Images, Labels, PerSample

LayerFeatures = Callable[..., list[Float[Tensor, "n ..."]]]
"""A function from images (n, c, h, w), and optionally their conditions (n, a), to features of layers."""
FeatureSpace = Callable[[Images], Float[Tensor, "n d"]]
"""A function from images (n, c, h, w) to features (n, d)."""
Measurements = Iterator[tuple[str, PerSample | Interval]]
"""Names of numbers, each with one value per image (n,), or with a number of all images and its interval."""


@dataclass(frozen=True)
class EvaluationData:
    """The data that metrics measure; images have values in [-1, 1] and are on the CPU."""

    images: Images
    """Images of a split."""
    labels: Labels
    """Classes of the images, or UNLABELLED."""
    reconstructions: Images | None
    """Reconstructions of the images; None if the method has no encoder."""
    codes: Codes | None
    """Means of q(z|x) for the images, of a code with a class only the style; None without an encoder."""
    sampled_codes: Codes | None
    """One sample of q(z|x) for each image, from the aggregated posterior, to compare with the prior."""
    validation_images: Float[Tensor, "v c h w"]
    """Validation images, by which metrics choose their own parameters."""
    validation_labels: Int[Tensor, " v"]
    """Classes of the validation images, or UNLABELLED."""
    sample_images: Callable[[int], Images]
    """A function that decodes a number of samples of the prior."""
    sample_prior: Callable[[int], Codes]
    """A function that draws a number of codes from the prior."""
    class_probabilities: Float[Tensor, "n k"] | None = None
    """Class probabilities of the images; None if the method has no classes."""
    cluster_probabilities: Float[Tensor, "v k"] | None = None
    """Class probabilities of the validation images if classes were learned without labels, else None."""
    load_training_images: Callable[[], Float[Tensor, "t c h w"]] = lambda: torch.zeros(0, 1, 1, 1)
    """A function that reads training images of the model, or a limited number of them."""
    feature_spaces: Mapping[str, FeatureSpace] = field(default_factory=dict)
    """Feature spaces in which sets of images are compared, by name."""
    discriminators: Mapping[str, LayerFeatures] = field(default_factory=dict)
    """Features of pretrained discriminators, by the path of their run."""
    discriminator_conditions: Mapping[str, Float[Tensor, "n a"]] = field(default_factory=dict)
    """Conditions of the images for the discriminators that take some, by the path of their run."""
