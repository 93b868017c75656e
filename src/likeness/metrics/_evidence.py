"""What a metric looks at: images that a model never saw, and what the model makes of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from jaxtyping import Float, Int
from torch import Tensor

from likeness.intervals import Interval
from likeness.shapes import Codes, Images, Labels, PerSample

Features = Callable[..., list[Float[Tensor, "n ..."]]]
"""A judge of images: the layers it compares them in, under their condition if one is given beside them."""
Space = Callable[[Images], Float[Tensor, "n d"]]
Measured = Iterator[tuple[str, PerSample | Interval]]
"""Names with a value for each image, or with a number of the whole."""


@dataclass(frozen=True)
class Evidence:
    """What a metric may look at; images are in [-1, 1], on the CPU."""

    images: Images
    """Images of a split."""
    labels: Labels
    """Their classes, or UNLABELLED."""
    reconstructions: Images | None
    """The same, encoded and decoded; None for a method without an encoder."""
    codes: Codes | None
    """Their codes, the means of q(z|x), or the styles among them."""
    drawn: Codes | None
    """The same drawn from q(z|x): the aggregated posterior, which the prior is compared with."""
    validation: Float[Tensor, "v c h w"]
    """Images to choose by."""
    validation_labels: Int[Tensor, " v"]
    sample: Callable[[int], Images]
    """So many decoded samples of the prior."""
    prior: Callable[[int], Codes]
    """So many samples of the prior."""
    probabilities: Float[Tensor, "n k"] | None = None
    """Of the classes of a method that has them."""
    clusters: Float[Tensor, "v k"] | None = None
    """The same of the images to choose by, where those classes were found without labels."""
    training: Callable[[], Float[Tensor, "t c h w"]] = lambda: torch.zeros(0, 1, 1, 1)
    """Images that it was trained on, or as many of them as fit."""
    spaces: Mapping[str, Space] = field(default_factory=dict)
    """Feature spaces in which sets of images are compared, by name."""
    judges: Mapping[str, Features] = field(default_factory=dict)
    """Frozen discriminators, by the run that each comes from."""
    conditions: Mapping[str, Float[Tensor, "n a"]] = field(default_factory=dict)
    """The images' own conditions, by the judge that takes them; others judge without."""
