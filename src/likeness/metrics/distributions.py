"""How far samples and reconstructions are, as sets, from images of the split, in named features."""

from collections.abc import Iterator

from likeness.errors import UserError
from likeness.metrics._evidence import Evidence, Measured
from likeness.metrics._metric import Metric
from likeness.metrics._neighbours import neighbourhoods
from likeness.metrics._sets import Set, enough, frechet_interval, halves, kernel, resampled

NEIGHBOURS = 5
PAIRED = ("reconstructions",)
"""Sets of which each image belongs to one of the data."""
PLENTY = 10
"""Images for each feature below which a Frechet distance is said to be too large by much."""


class Distributions(Metric):
    """For each feature space, of prior samples and of reconstructions: Frechet and kernel distance, and
    precision, recall, density and coverage (Kynkaanniemi et al. 2019, Naeem et al. 2020).

    Beside them the Frechet distance of the images' own halves: what no difference at all gives of half as
    many. Raises UserError if there are not twice as many images as features, which a covariance needs.
    """

    def measure(self, evidence: Evidence) -> Measured:
        sets = {"samples": evidence.sample(len(evidence.images)) if evidence.spaces else None}
        sets["reconstructions"] = evidence.reconstructions
        for space, features in evidence.spaces.items():
            real = features(evidence.images)
            if not enough(*real.shape):
                raise UserError(
                    f"{len(real)} images are too few for {real.shape[1]} features of {space}; "
                    f"give more than {2 * real.shape[1]}, or other --features"
                )
            yield f"frechet[images' halves, {space}]", frechet_interval(*halves(real))
            for name, images in sets.items():
                if images is not None:
                    yield from _compared(f"[{name}, {space}]", real, features(images), name in PAIRED)

    def cautions(self, evidence: Evidence) -> Iterator[str]:
        for space, features in evidence.spaces.items():
            d, n = features(evidence.images[:2]).shape[1], len(evidence.images)
            if n < PLENTY * d:
                yield (
                    f"{n} images are few for {d} features of {space}: Frechet distances are too large; "
                    "compare them with that of the images' own halves"
                )


def _compared(of: str, real: Set, made: Set, paired: bool) -> Measured:
    """An unbiased distance needs sets that are independent: of pairs, one half each."""
    yield f"frechet{of}", frechet_interval(real, made)
    apart = (halves(real)[0], halves(made)[1]) if paired else (real, made)
    yield f"kernel{of}", resampled(kernel, *apart)
    for name, values in neighbourhoods(real, made, NEIGHBOURS).items():
        yield f"{name}{of}", values
