"""Evaluation data that tests make up."""

import torch
from torch import Tensor

from likeness.intervals import Interval
from likeness.metrics import EvaluationData, Measurements
from likeness.shapes import UNLABELLED

X = torch.rand(40, 2, 4, 4, generator=torch.Generator().manual_seed(0)) * 2 - 1


def evaluation_data(**fields: object) -> EvaluationData:
    """Evaluation data with some fields set, and the others empty or of noise."""
    unlabelled = torch.full((len(X),), UNLABELLED)
    defaults = {
        "images": X,
        "labels": unlabelled,
        "reconstructions": None,
        "codes": None,
        "sampled_codes": fields.get("codes"),
        "validation_images": X,
        "validation_labels": unlabelled,
        "sample_images": lambda n: X[:n],
        "sample_prior": lambda n: torch.randn(n, 2),
    }
    return EvaluationData(**defaults | fields)  # type: ignore[arg-type]


def code_data(codes: torch.Tensor) -> EvaluationData:
    """Evaluation data of codes alone, with a Gaussian prior."""
    n = len(codes)
    return evaluation_data(
        images=torch.zeros(n, 2, 4, 4), labels=torch.zeros(n, dtype=torch.int64), codes=codes
    )


def image_values(measurements: Measurements) -> dict[str, Tensor]:
    """The numbers of a metric with one value per image."""
    return {name: value for name, value in measurements if isinstance(value, Tensor)}


def intervals(measurements: Measurements) -> dict[str, Interval]:
    """The numbers of a metric for all images together."""
    return {name: value for name, value in measurements if isinstance(value, Interval)}
