"""Labels as numbers and as one-hot rows."""

from typing import Annotated

import torch
import torch.nn.functional as F
from pydantic import Field

from likeness.errors import UserError
from likeness.shapes import UNLABELLED, Labels, Probabilities

Classes = Annotated[int, Field(ge=2, le=10_000)]
"""A number of classes."""


def one_hot(labels: Labels, classes: int) -> Probabilities:
    """One-hot rows (n, classes) of labels; zeros for UNLABELLED."""
    labelled = labels != UNLABELLED
    rows = F.one_hot(labels.clamp_min(0), classes) * labelled[:, None]
    return rows.to(torch.get_default_dtype())


def check_labels(labels: Labels, classes: int) -> None:
    """Raises UserError if all inputs are unlabelled, a label is not a class, or a class has no input."""
    largest = int(labels.max())
    if largest == UNLABELLED:
        raise UserError("the data have no labels, which this method learns from; name --label")
    if largest >= classes:
        raise UserError(f"there is a label {largest}, --classes is {classes}; make it {largest + 1}")
    present = set(labels.tolist())
    for label in range(classes):
        if label not in present:
            raise UserError(f"class {label} has no labelled image; label one, or lower --classes")
