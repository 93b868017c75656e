"""Structural similarity of pairs of images, at one scale and at several."""

from types import ModuleType

from likeness.batching import in_batches
from likeness.errors import UserError, error_summary
from likeness.shapes import Images, PerSample

WINDOW = 11
"""Pixels of the Gaussian window, of either side; smaller images have no such number."""
WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Of the five scales, from the finest (Wang et al. 2003, section 3.2)."""


def ssim(a: Images, b: Images) -> PerSample:
    """Structural similarity of images in [-1, 1]; 1 is the same image (Wang et al. 2004)."""
    compared = _library().structural_similarity_index_measure
    return in_batches(lambda x, y: compared(x, y, data_range=2.0, reduction="none").reshape(-1), a, b)


def scales(side: int) -> int:
    """How many scales images have whose smaller side is this: each halves the side, and a window must
    fit into the coarsest; 5 from 176 pixels on."""
    fits = [k for k in range(1, 6) if side >= WINDOW * max(2 ** (k - 1), (k - 1) ** 2)]
    return max(fits, default=0)


def ms_ssim(a: Images, b: Images) -> PerSample:
    """Multi-scale structural similarity at the `scales` that the images have.

    With fewer than five the weights of the finest are kept and brought to the same sum, so that numbers
    of images of other sizes are not comparable.
    """
    weights = WEIGHTS[: scales(min(a.shape[2:]))]
    share = tuple(w * sum(WEIGHTS) / sum(weights) for w in weights)
    compared = _library().multiscale_structural_similarity_index_measure
    settings = {"data_range": 2.0, "reduction": "none", "betas": share, "normalize": "relu"}
    return in_batches(lambda x, y: compared(x, y, **settings).reshape(-1), a, b)


def _library() -> ModuleType:
    """torchmetrics' images, which a torchvision that does not fit torch makes unimportable."""
    try:
        import torchmetrics.functional.image as library
    except (ImportError, RuntimeError) as error:
        reason = error_summary(error, 100)
        raise UserError(
            f"torchmetrics.functional.image cannot be imported ({reason}); mend or remove torchvision, or "
            "measure with --only metrics other than structure"
        ) from None
    return library
