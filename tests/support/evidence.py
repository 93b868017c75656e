"""Evidence made up, for a metric to look at."""

import torch
from torch import Tensor

from likeness.intervals import Interval
from likeness.metrics import Evidence, Measured
from likeness.shapes import UNLABELLED

X = torch.rand(40, 2, 4, 4, generator=torch.Generator().manual_seed(0)) * 2 - 1


def evidence(**given: object) -> Evidence:
    """Evidence, what is not given left out."""
    nothing = torch.full((len(X),), UNLABELLED)
    base = {"images": X, "labels": nothing, "reconstructions": None, "codes": None, "validation": X}
    base["drawn"] = given.get("codes")
    more = {"validation_labels": nothing, "sample": lambda n: X[:n], "prior": lambda n: torch.randn(n, 2)}
    return Evidence(**base | more | given)  # type: ignore[arg-type]


def of_codes(codes: torch.Tensor) -> Evidence:
    """Evidence of codes alone, beside a Gaussian prior."""
    n = len(codes)
    return evidence(images=torch.zeros(n, 2, 4, 4), labels=torch.zeros(n, dtype=torch.int64), codes=codes)


def per_image(measured: Measured) -> dict[str, Tensor]:
    """The numbers that a metric has for each image."""
    return {name: found for name, found in measured if isinstance(found, Tensor)}


def as_a_whole(measured: Measured) -> dict[str, Interval]:
    """The numbers that a metric has of all images together."""
    return {name: found for name, found in measured if isinstance(found, Interval)}
