"""How alike reconstructions are in structure: Wang et al. 2004."""

import torch
from torchmetrics.functional.image import structural_similarity_index_measure as ssim

from likeness.metrics._metric import Evidence, Measured

WINDOW = 11
"""Pixels that one window looks at; smaller images have no such number."""
PART = 500


def measure(evidence: Evidence) -> Measured:
    """`ssim`: 1 is the same image."""
    x, x_tilde = evidence.images, evidence.reconstructions
    if x_tilde is None or min(x.shape[2:]) < WINDOW:
        return
    parts = zip(x_tilde.split(PART), x.split(PART))
    values = [ssim(made, image, data_range=2.0, reduction="none") for made, image in parts]
    yield "ssim", torch.cat([v.reshape(-1) for v in values if isinstance(v, torch.Tensor)])
