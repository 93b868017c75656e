"""Control distances, which a learned distance has to outperform."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from likeness.metrics import WINDOW_SIZE, ms_ssim, scale_count, ssim
from likeness.nets import Family
from likeness.noise import use_seed
from likeness.shapes import Images, PerSample, Shape
from likeness.similarity.assumptions import Assumptions
from likeness.similarity.distortions import blur_by
from likeness.similarity.mixture import Reader, fit_mixture, level_term, pixel_term
from likeness.similarity.sources import Layers
from likeness.similarity.taught_metric import TaughtMetric
from likeness.similarity.teaching import Trunk, shrink_factor, shrunk_shape
from likeness.similarity.terms import Term

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
    """Control distances by name that need no training images, for images of this smaller side in pixels.

    SSIM needs a window, MS-SSIM two scales; the name of an MS-SSIM of fewer than five scales has their
    number.
    """
    distances: dict[str, Distance] = {"pixel MSE": mse, "L1": l1}
    distances |= {f"MSE blurred {share:.0%}": blurred_mse(share) for share in BLURS}
    distances |= {"SSIM": ssim_distance} if smaller_side >= WINDOW_SIZE else {}
    count = scale_count(smaller_side)
    name = "MS-SSIM" if count == 5 else f"MS-SSIM, {count} scales"
    return distances | ({name: ms_ssim_distance} if count > 1 else {})


@dataclass(frozen=True)
class TermsDistance:
    """The distance of some terms, without a metric around them."""

    reader: Reader
    terms: Sequence[Term]

    def __call__(self, a: Images, b: Images) -> PerSample:
        return (self.embed(a) - self.embed(b)).square().sum(1)

    def embed(self, x: Images) -> Float[Tensor, "n k"]:
        """Embeddings (n, k) of images."""
        return self.reader.embed(self.terms, x)


def fitted_controls(
    net: Family, shape: Shape, train: Images, held_out: Float[Tensor, "m c h w"], assumed: Assumptions
) -> dict[str, TermsDistance]:
    """Control distances by name that are fitted on training images, as a taught metric is, but for the
    teaching: whitened pixels, levels, and the whole recipe with an untaught network of a family."""
    factor = shrink_factor(shape)
    with use_seed():
        untaught = Reader(Trunk(net.discriminator(shrunk_shape(shape, factor))).eval(), factor)
    terms, _ = fit_mixture(untaught, train, held_out, assumed, assumed.views())
    return {
        "untaught network": TermsDistance(untaught, terms),
        "whitened pixels": TermsDistance(untaught, [pixel_term(untaught, train, 1.0, assumed.mirrored)]),
        "levels": TermsDistance(untaught, [level_term(untaught, train, 1.0)]),
    }


def untaught_terms(metric: TaughtMetric) -> TermsDistance | None:
    """The terms of a taught metric that use no network; None if there are none."""
    terms = [term for term in metric.parts.terms if not isinstance(term.source, Layers)]
    return TermsDistance(Reader(metric.parts.trunk, metric.parts.shrink), terms) if terms else None
