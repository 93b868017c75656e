"""Terms of a taught metric, fitted on training images, and the mixture of them, chosen without labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.noise import SeededNoise
from likeness.shapes import Images
from likeness.similarity.assumptions import Assumptions
from likeness.similarity.distortions import DISTORTIONS, HARD
from likeness.similarity.sources import Layers, Levels, Pixels, Source, Structure
from likeness.similarity.teaching import Trunk, shrink
from likeness.similarity.terms import Term, fit_term
from likeness.similarity.views import Views
from likeness.similarity.whitening import (
    covariance_under_views,
    principal_components,
    relevant_components,
)

HeldOut = Float[Tensor, "m c h w"]
FITTED_IMAGES = 1500
"""Training images on which terms are fitted."""
LAYER_COUNT, MAX_FEATURES = 3, 2500
"""Layers whose features are whitened under views, and how many features there may be of them."""
PIXEL_COMPONENTS = 128
"""Principal components of pixels that are kept."""
MIN_SCORE_SHARE = 0.6
"""Share of the taught terms' score on held-out training images that a mixture must keep."""


@dataclass(frozen=True)
class Reader:
    """Rows of a source for images, by a network."""

    trunk: Trunk
    shrink: int

    def rows(self, source: Source, x: Images) -> Tensor:
        """Rows (n, d), computed in batches."""
        return in_batches(lambda part: source.read(part, self.features(part)), x)

    @torch.no_grad()
    def features(self, x: Images) -> dict[str, Tensor]:
        """Features of images by layer."""
        return self.trunk(shrink(x, self.shrink))

    def embed(self, terms: Sequence[Term], x: Images) -> Tensor:
        """Embeddings (n, k) of images by some terms."""
        return in_batches(lambda part: torch.cat([term(part, self.features(part)) for term in terms], 1), x)


def fit_mixture(
    reader: Reader, x: Images, held_out: HeldOut, assumed: Assumptions, views: Views
) -> tuple[list[Term], list[str]]:
    """Terms fitted on training images `x`, and a sentence for each decision.

    Images that are told from mirror images: the last layer, by the cosine. Others: the last three layers,
    whitened under views, with pixels and twice the structure. Measured values: levels, too. Terms beside
    the taught ones are left out where the score on `held_out` images falls too far.
    """
    x = x[:FITTED_IMAGES]
    taught = [_taught_term(reader, x, assumed, views)]
    beside = _terms_beside(reader, x, assumed)
    if not beside:
        return taught, ["only features of the taught network are compared"]
    alone, mixed = (
        hard_choice_score(lambda v, chosen=chosen: reader.embed(chosen, v), held_out)
        for chosen in (taught, [*taught, *beside])
    )
    names = " and ".join(type(term.source).__name__.lower() for term in beside)
    scores = f"share of right choices {mixed:.2f} with them, {alone:.2f} without"
    if mixed < MIN_SCORE_SHARE * alone:
        return taught, [f"{names} are left out ({scores})"]
    return [*taught, *beside], [f"{names} are compared, too ({scores})"]


def _taught_term(reader: Reader, x: Images, assumed: Assumptions, views: Views) -> Term:
    names = list(reader.trunk.layers)
    if not assumed.mirrored:
        source = Layers((names[-1],))
        return fit_term(source, reader.rows(source, x), 1.0)
    source = _last_layers(reader, x)
    rows = reader.rows(source, x)
    small = Reader(reader.trunk, 1)
    within = covariance_under_views(lambda v: small.rows(source, v), shrink(x, reader.shrink), views)
    return fit_term(source, rows, 1.0, lambda z: relevant_components(within, z))


def _last_layers(reader: Reader, x: Images) -> Layers:
    """The last layers after a non-linearity, at as many places as MAX_FEATURES allow."""
    names = [name for name in reader.trunk.layers if not name.startswith("conv")][-LAYER_COUNT:]
    sources = [Layers(tuple(names), places) for places in (4, 2, 1)]
    small = (s for s in sources if reader.rows(s, x[:1]).shape[1] <= MAX_FEATURES)
    return next(small, sources[-1])


def _terms_beside(reader: Reader, x: Images, assumed: Assumptions) -> list[Term]:
    terms = [pixel_term(reader, x, 1.0), structure_term(reader, x, 2.0)] if assumed.mirrored else []
    return [*terms, level_term(reader, x, 2.0)] if assumed.measured else terms


def pixel_term(reader: Reader, x: Images, weight: float, mirrored: bool = True) -> Term:
    """Pixels, whitened, by the cosine."""
    source = Pixels(mirrored)
    rows = reader.rows(source, x)
    count = min(PIXEL_COMPONENTS, rows.shape[1], len(rows) - 1)
    return fit_term(source, rows, weight, lambda z: principal_components(z, count))


def structure_term(reader: Reader, x: Images, weight: float, mirrored: bool = True) -> Term:
    """Structure, by the cosine."""
    source = Structure(mirrored)
    return fit_term(source, reader.rows(source, x), weight)


def level_term(reader: Reader, x: Images, weight: float) -> Term:
    """Differences of mean levels."""
    source = Levels()
    return fit_term(source, reader.rows(source, x), weight, cosine=False)


def hard_choice_score(embed: Callable[[Images], Tensor], x: Images, seed: int = 0) -> float:
    """How often a distorted image is nearer to its image than the other image is that is nearest in pixels,
    over all kinds of distortion at severity HARD: a score that uses no label."""
    embedded = embed(x)
    far = (embedded - embedded[nearest_in_pixels(x)]).square().sum(1)
    noise = SeededNoise((seed, "score"), torch.device("cpu"))
    right = [
        (embed(distort(x, HARD, noise.of(kind))) - embedded).square().sum(1) < far
        for kind, distort in DISTORTIONS.items()
    ]
    return float(torch.stack(right).float().mean())


def nearest_in_pixels(x: Images) -> Tensor:
    """Row of the other image that is nearest to each by pixel error."""
    distances = torch.cdist(x.flatten(1), x.flatten(1))
    return distances.fill_diagonal_(torch.inf).argmin(1)
