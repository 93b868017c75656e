"""Distances that a learned one has to be better than."""

from collections.abc import Callable

from likeness.metrics import WINDOW_SIZE, ms_ssim, scale_count, ssim
from likeness.shapes import Images, PerSample

Distance = Callable[[Images, Images], PerSample]


def mse(a: Images, b: Images) -> PerSample:
    """Squared error of pixels."""
    return (a - b).square().flatten(1).mean(1)


def l1(a: Images, b: Images) -> PerSample:
    """Absolute error of pixels."""
    return (a - b).abs().flatten(1).mean(1)


def one_less_ssim(a: Images, b: Images) -> PerSample:
    """One less structural similarity (Wang et al. 2004)."""
    return 1 - ssim(a, b)


def one_less_ms_ssim(a: Images, b: Images) -> PerSample:
    """One less multi-scale structural similarity (Wang et al. 2003), at as many scales as fit."""
    return 1 - ms_ssim(a, b)


def controls(smaller_side: int) -> dict[str, Distance]:
    """Those that can look at images whose smaller side is this, by name; MS-SSIM of fewer scales than
    five says how many."""
    found: dict[str, Distance] = {"pixel MSE": mse, "L1": l1}
    found |= {"SSIM": one_less_ssim} if smaller_side >= WINDOW_SIZE else {}
    count = scale_count(smaller_side)
    name = "MS-SSIM" if count == 5 else f"MS-SSIM, {count} scales"
    return found | ({name: one_less_ms_ssim} if count > 1 else {})
