"""Distances of samples and of reconstructions, as sets, from images of the split, in feature spaces."""

from collections.abc import Iterator

from likeness.errors import UserError
from likeness.metrics._evaluation_data import EvaluationData, Measurements
from likeness.metrics._metric import Metric
from likeness.metrics._neighbours import neighbourhood_scores
from likeness.metrics._sets import (
    FeatureSet,
    frechet_interval,
    has_enough_rows,
    kernel_distance,
    random_halves,
    subsampling_interval,
)

NEIGHBOUR_COUNT = 5
"""Neighbours that define the radius of a neighbourhood."""
PAIRED_SETS = ("reconstructions",)
"""Sets in which each image is paired with one of the data."""
MIN_IMAGES_PER_FEATURE = 10
"""Images per feature below which a Frechet distance is much too large."""


class Distributions(Metric):
    """Frechet and kernel distance, precision, recall, density and coverage of prior samples and of
    reconstructions in each feature space (Kynkaanniemi et al. 2019, Naeem et al. 2020).

    The Frechet distance between random halves of the images is the baseline for equal distributions of half
    as many images. Raises UserError if there are not more than twice as many images as features, as a
    covariance needs.
    """

    def measure(self, data: EvaluationData) -> Measurements:
        sets = {"samples": data.sample_images(len(data.images)) if data.feature_spaces else None}
        sets["reconstructions"] = data.reconstructions
        for space, features in data.feature_spaces.items():
            real = features(data.images)
            if not has_enough_rows(*real.shape):
                raise UserError(
                    f"{len(real)} images are too few for {real.shape[1]} features of {space}; "
                    f"give more than {2 * real.shape[1]}, or other --features"
                )
            yield f"frechet[images' halves, {space}]", frechet_interval(*random_halves(real))
            for name, images in sets.items():
                if images is not None:
                    suffix = f"[{name}, {space}]"
                    yield from _compare_sets(suffix, real, features(images), name in PAIRED_SETS)

    def cautions(self, data: EvaluationData) -> Iterator[str]:
        for space, features in data.feature_spaces.items():
            d, n = features(data.images[:2]).shape[1], len(data.images)
            if n < MIN_IMAGES_PER_FEATURE * d:
                yield (
                    f"{n} images are few for {d} features of {space}: Frechet distances are too large; "
                    "compare them with that of the images' own halves"
                )


def _compare_sets(suffix: str, real: FeatureSet, generated: FeatureSet, paired: bool) -> Measurements:
    """Measurements of two sets. An unbiased distance needs independent sets: of pairs, one half each."""
    yield f"frechet{suffix}", frechet_interval(real, generated)
    sets = (random_halves(real)[0], random_halves(generated)[1]) if paired else (real, generated)
    yield f"kernel{suffix}", subsampling_interval(kernel_distance, *sets)
    for name, values in neighbourhood_scores(real, generated, NEIGHBOUR_COUNT).items():
        yield f"{name}{suffix}", values
