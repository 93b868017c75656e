"""Structural similarity of pairs of images, at one scale and at several.

Images in [-1, 1] are shifted to [0, L] with L = 2: in the published formula means are not negative.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.losses import at_least_float32
from likeness.shapes import Images, PerSample

Places = Float[Tensor, "n c *places"]
"""One value for each channel at each place of a window."""
WINDOW_SIZE, SIGMA = 11, 1.5
"""Side and standard deviation of the Gaussian window in pixels; smaller images have no structural
similarity."""
DATA_RANGE = 2.0
"""L, the largest value of a pixel after the shift."""
C1, C2 = (0.01 * DATA_RANGE) ** 2, (0.03 * DATA_RANGE) ** 2
"""Constants of the formula (Wang et al. 2004, section III.B)."""
SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Weights of the five scales, from the finest (Wang et al. 2003, section 3.2)."""


def ssim(a: Images, b: Images) -> PerSample:
    """Structural similarity of images in [-1, 1]; 1 for equal images (Wang et al. 2004, equation 13),
    averaged over the places where the whole Gaussian window is inside of the image."""
    return in_batches(lambda x, y: _mean(torch.mul(*_factors(x, y))).mean(1), a, b)


def scale_count(side: int) -> int:
    """Number of scales, 0 to 5, of images with this smaller side in pixels.

    Each scale halves the side, and a window must fit into the coarsest scale; 5 from 176 pixels on.
    """
    fitting = [k for k in range(1, 6) if side >= WINDOW_SIZE * max(2 ** (k - 1), (k - 1) ** 2)]
    return max(fitting, default=0)


def ms_ssim(a: Images, b: Images) -> PerSample:
    """Multi-scale structural similarity of images in [-1, 1], at the `scale_count` of their size (Wang et
    al. 2003, equation 7).

    With fewer than five scales the weights of the finest are scaled to the same sum, so that numbers for
    images of different sizes are not comparable. A negative factor counts as 0.
    """
    return in_batches(_ms_ssim, a, b)


def _ms_ssim(a: Images, b: Images) -> PerSample:
    count = scale_count(min(a.shape[2:]))
    total, pool = sum(SCALE_WEIGHTS[:count]), (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[a.dim() - 3]
    found = []
    for scale, weight in enumerate(SCALE_WEIGHTS[:count], 1):
        luminance, structure = _factors(a, b)
        factor = _mean(luminance * structure if scale == count else structure)
        found.append(factor.clamp_min(0) ** (weight * sum(SCALE_WEIGHTS) / total))
        a, b = pool(a, 2), pool(b, 2)
    return torch.stack(found).prod(0).mean(1)


def _factors(a: Images, b: Images) -> tuple[Places, Places]:
    """The luminance of each place, and its contrast and structure. Variances do not depend on the shift,
    and lose fewer digits without it."""
    a, b = at_least_float32(a), at_least_float32(b)
    mean_a, mean_b = _window_means(a), _window_means(b)
    squares = _window_means(a * a + b * b) - mean_a**2 - mean_b**2
    products = _window_means(a * b) - mean_a * mean_b
    of_a, of_b = mean_a + 1, mean_b + 1
    luminance = (2 * of_a * of_b + C1) / (of_a**2 + of_b**2 + C1)
    return luminance, (2 * products + C2) / (squares + C2)


def _window_means(x: Images) -> Places:
    """Means of images under a Gaussian window at each place where it fits."""
    for dim in range(2, x.dim()):
        x = x.unfold(dim, WINDOW_SIZE, 1) @ _window(x)
    return x


def _window(like: Tensor) -> Float[Tensor, " k"]:
    t = torch.arange(WINDOW_SIZE, dtype=like.dtype, device=like.device) - WINDOW_SIZE // 2
    window = torch.exp(-(t**2) / (2 * SIGMA**2))
    return window / window.sum()


def _mean(places: Places) -> Float[Tensor, "n c"]:
    return places.flatten(2).mean(2)
