"""How far samples and reconstructions are, as sets, from images of the split, in named features."""

from likeness.errors import UserError
from likeness.metrics._metric import Evidence, Measured
from likeness.metrics._neighbours import neighbourhoods
from likeness.metrics._sets import Set, frechet, kernel, resampled

NEIGHBOURS = 5


def measure(evidence: Evidence) -> Measured:
    """For each feature space, of prior samples and of reconstructions: Frechet and kernel distance, and
    precision, recall, density and coverage (Kynkaanniemi et al. 2019, Naeem et al. 2020).

    Raises UserError if there are not twice as many images as features, which a covariance needs.
    """
    sets = {"samples": evidence.sample(len(evidence.images)) if evidence.spaces else None}
    sets["reconstructions"] = evidence.reconstructions
    for space, features in evidence.spaces.items():
        real = features(evidence.images)
        if len(real) <= 2 * real.shape[1]:
            raise UserError(
                f"{len(real)} images are too few for {real.shape[1]} features of {space}; give more than "
                f"{2 * real.shape[1]}, or other --features"
            )
        for name, images in sets.items():
            if images is not None:
                yield from _compared(f"[{name}, {space}]", real, features(images))


def _compared(of: str, real: Set, made: Set) -> Measured:
    yield f"frechet{of}", resampled(frechet, real, made)
    yield f"kernel{of}", resampled(kernel, real, made)
    for name, values in neighbourhoods(real, made, NEIGHBOURS).items():
        yield f"{name}{of}", values
