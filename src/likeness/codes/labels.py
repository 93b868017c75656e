"""Classes of inputs, as numbers and as one-hot rows."""

from typing import Annotated

import torch
import torch.nn.functional as F
from pydantic import Field

from likeness.errors import UserError
from likeness.shapes import UNLABELLED, Labels, Probabilities

Classes = Annotated[int, Field(ge=2, le=10_000)]


def one_hot(labels: Labels, classes: int) -> Probabilities:
    """One-hot rows (n, classes) of labels, of zeros where they are UNLABELLED."""
    known = labels != UNLABELLED
    rows = F.one_hot(labels.clamp_min(0), classes) * known[:, None]
    return rows.to(torch.get_default_dtype())


def check_labels(labels: Labels, classes: int) -> None:
    """Raises UserError if there is a label beyond the classes, or a class without a labelled input."""
    most = int(labels.max())
    if most == UNLABELLED:
        raise UserError("the data have no labels, which this method learns from; name --label")
    if most >= classes:
        raise UserError(f"there is a label {most}, --classes is {classes}; make it {most + 1}")
    seen = set(labels.tolist())
    for label in range(classes):
        if label not in seen:
            raise UserError(f"class {label} has no labelled image; label one, or lower --classes")
