"""Structural similarity of pairs of images, at one scale and at several."""

from types import ModuleType

from likeness.batching import in_batches
from likeness.errors import UserError, error_summary
from likeness.shapes import Images, PerSample

WINDOW_SIZE = 11
"""Side of the Gaussian window in pixels; smaller images have no structural similarity."""
SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Weights of the five scales, from the finest (Wang et al. 2003, section 3.2)."""


def ssim(a: Images, b: Images) -> PerSample:
    """Structural similarity of images in [-1, 1]; 1 for equal images (Wang et al. 2004)."""
    similarity = _library().structural_similarity_index_measure
    return in_batches(lambda x, y: similarity(x, y, data_range=2.0, reduction="none").reshape(-1), a, b)


def scale_count(side: int) -> int:
    """Number of scales, 0 to 5, of images with this smaller side in pixels.

    Each scale halves the side, and a window must fit into the coarsest scale; 5 from 176 pixels on.
    """
    fitting = [k for k in range(1, 6) if side >= WINDOW_SIZE * max(2 ** (k - 1), (k - 1) ** 2)]
    return max(fitting, default=0)


def ms_ssim(a: Images, b: Images) -> PerSample:
    """Multi-scale structural similarity of images in [-1, 1], at the `scale_count` of their size.

    With fewer than five scales the weights of the finest are scaled to the same sum, so that numbers for
    images of different sizes are not comparable.
    """
    weights = SCALE_WEIGHTS[: scale_count(min(a.shape[2:]))]
    scaled_weights = tuple(w * sum(SCALE_WEIGHTS) / sum(weights) for w in weights)
    similarity = _library().multiscale_structural_similarity_index_measure
    settings = {"data_range": 2.0, "reduction": "none", "betas": scaled_weights, "normalize": "relu"}
    return in_batches(lambda x, y: similarity(x, y, **settings).reshape(-1), a, b)


def _library() -> ModuleType:
    """torchmetrics.functional.image. Raises UserError if torchvision does not fit torch."""
    try:
        import torchmetrics.functional.image as library
    except (ImportError, RuntimeError) as error:
        reason = error_summary(error, 100)
        raise UserError(
            f"torchmetrics.functional.image cannot be imported ({reason}); mend or remove torchvision, or "
            "measure with --only metrics other than structure"
        ) from None
    return library
