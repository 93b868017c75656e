"""Distances that a learned one has to be better than."""

from collections.abc import Callable

import torch
from torchmetrics.functional.image import (
    multiscale_structural_similarity_index_measure as ms_ssim,
)
from torchmetrics.functional.image import structural_similarity_index_measure as ssim

from likeness.shapes import Images, PerSample

Distance = Callable[[Images, Images], PerSample]
SSIM_SIDE, MS_SSIM_SIDE = 11, 176
"""The smallest sides that the two can look at."""


def mse(a: Images, b: Images) -> PerSample:
    """Squared error of pixels."""
    return (a - b).square().flatten(1).mean(1)


def l1(a: Images, b: Images) -> PerSample:
    """Absolute error of pixels."""
    return (a - b).abs().flatten(1).mean(1)


def one_less_ssim(a: Images, b: Images) -> PerSample:
    """One less structural similarity (Wang et al. 2004)."""
    found = ssim(a, b, data_range=2.0, reduction="none")
    assert isinstance(found, torch.Tensor)
    return (1 - found).reshape(len(a))


def one_less_ms_ssim(a: Images, b: Images) -> PerSample:
    """One less multi-scale structural similarity (Wang et al. 2003)."""
    return (1 - ms_ssim(a, b, data_range=2.0, reduction="none", normalize="relu")).reshape(len(a))


def controls(smaller_side: int) -> dict[str, Distance]:
    """Those that can look at images whose smaller side is this, by name."""
    found: dict[str, Distance] = {"pixel MSE": mse, "L1": l1}
    found |= {"SSIM": one_less_ssim} if smaller_side >= SSIM_SIDE else {}
    return found | ({"MS-SSIM": one_less_ms_ssim} if smaller_side >= MS_SSIM_SIDE else {})
