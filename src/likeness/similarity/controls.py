"""Control distances, which a learned distance has to outperform."""

from collections.abc import Callable

from likeness.metrics import WINDOW_SIZE, ms_ssim, scale_count, ssim
from likeness.shapes import Images, PerSample
from likeness.similarity.distortions import blur_by

Distance = Callable[[Images, Images], PerSample]
BLURS = (0.05, 0.1)
"""Widths of the Gaussian filters of blurred pixel errors, as shares of the smaller side."""


def mse(a: Images, b: Images) -> PerSample:
    """Mean squared error of pixels."""
    return (a - b).square().flatten(1).mean(1)


def l1(a: Images, b: Images) -> PerSample:
    """Mean absolute error of pixels."""
    return (a - b).abs().flatten(1).mean(1)


def blurred_mse(share: float) -> Distance:
    """Mean squared error of images under a Gaussian filter, whose standard deviation is this share of the
    smaller side."""
    return lambda a, b: mse(blur_by(a, share), blur_by(b, share))


def ssim_distance(a: Images, b: Images) -> PerSample:
    """1 - structural similarity (Wang et al. 2004)."""
    return 1 - ssim(a, b)


def ms_ssim_distance(a: Images, b: Images) -> PerSample:
    """1 - multi-scale structural similarity (Wang et al. 2003), at as many scales as fit."""
    return 1 - ms_ssim(a, b)


def control_distances(smaller_side: int) -> dict[str, Distance]:
    """Control distances by name, for images of this smaller side in pixels.

    SSIM needs a window, MS-SSIM two scales; the name of an MS-SSIM of fewer than five scales has their
    number.
    """
    distances: dict[str, Distance] = {"pixel MSE": mse, "L1": l1}
    distances |= {f"MSE blurred {share:.0%}": blurred_mse(share) for share in BLURS}
    distances |= {"SSIM": ssim_distance} if smaller_side >= WINDOW_SIZE else {}
    count = scale_count(smaller_side)
    name = "MS-SSIM" if count == 5 else f"MS-SSIM, {count} scales"
    return distances | ({name: ms_ssim_distance} if count > 1 else {})
