"""A metric taught on the training images of a data set, from a discriminator or from scratch."""

import copy
from dataclasses import asdict

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.data.batches import whole
from likeness.data.choosing import thin
from likeness.data.dataset import Split
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import UserError, warn
from likeness.nets import Discriminator, Family
from likeness.nets.larsen import Larsen
from likeness.shapes import Images, Shape
from likeness.similarity.assumptions import assume
from likeness.similarity.mixture import FITTED_IMAGES, Reader, fit_mixture
from likeness.similarity.taught_metric import TaughtMetric, TaughtParts
from likeness.similarity.teaching import (
    STEPS,
    ContrastiveTeaching,
    Trunk,
    shrink_factor,
    teach,
)
from likeness.training.progress import Watcher

NET: Family = Larsen(width=0.25)
"""Network family of a metric that is taught from scratch."""
MIN_IMAGES = 100
"""Training images that teaching needs: of fewer, each batch holds the same ones."""
MAX_HELD_OUT, HELD_OUT_SHARE = 300, 0.2
"""Training images that are kept out of teaching, to choose the mixture by: at most, and at most what
share."""
MIN_DEVIATION = 0.02
"""Standard deviation of pixels over images, in [-1, 1], below which views, which change them by tenths,
leave nothing to compare."""


def teach_metric(
    train: Split,
    scaling: Scaling,
    shape: Shape,
    data: DataSettings,
    *,
    net: Family = NET,
    discriminator: Discriminator | None = None,
    condition: Float[Tensor, "1 a"] | None = None,
    steps: int = STEPS,
    seed: int = 0,
    device: str = "cpu",
    watcher: Watcher = lambda progress: None,
) -> TaughtMetric:
    """A metric taught on the images of a training split, without labels: a copy of a `discriminator` of the
    family `net` is taught, or a new network.

    Raises UserError if images are no pictures of two dimensions, are too few, or are all alike.
    """
    _check(shape, len(train))
    held_count = min(MAX_HELD_OUT, int(HELD_OUT_SHARE * len(train)))
    order = torch.randperm(len(train), generator=torch.Generator().manual_seed(seed)).numpy()
    held_out, taught_on = train.rows(order[:held_count]), train.rows(order[held_count:])
    x = whole(thin(taught_on, 2 * FITTED_IMAGES), scaling).x
    _check_varied(x)
    assumed = assume(x, scaling)
    factor = 1 if discriminator else shrink_factor(shape)
    objective = ContrastiveTeaching(views=assumed.views(), shrink=factor)
    trunk = Trunk(copy.deepcopy(discriminator), condition) if discriminator else None
    found = teach(
        taught_on, scaling, shape, objective, net,
        trunk=trunk, steps=steps, seed=seed, device=device, watcher=watcher,
    )  # fmt: skip
    reader = Reader(found.trunk.cpu(), factor)
    terms, decisions = fit_mixture(reader, x, whole(held_out, scaling).x, assumed, objective.views)
    about = {
        "steps": steps, "seed": seed, "images": len(taught_on), "from": "discriminator" if discriminator
        else "scratch", "loss": found.loss, "assumed": asdict(assumed),
        "says": [assumed.sentence(), *decisions],
    }  # fmt: skip
    return TaughtMetric(TaughtParts(net, found.trunk, terms, shape, factor, scaling, data, about))


def _check(shape: Shape, count: int) -> None:
    if count < MIN_IMAGES:
        raise UserError(f"{count} training images are too few to teach a metric; give {MIN_IMAGES} or more")
    if len(shape.space) != 2:
        raise UserError(
            f"data of {len(shape.space)} dimensions cannot be taught a metric yet; give images, or use the "
            "discriminator of a run as it is"
        )


def _check_varied(x: Images) -> None:
    """Raises UserError where images differ less than views change them; warns of channels of one value."""
    deviations = x.std(0).mean((1, 2))
    constant = (x.amax((0, 2, 3)) == x.amin((0, 2, 3))).nonzero()[:, 0].tolist()
    if float(deviations.max()) < MIN_DEVIATION:
        raise UserError(
            f"training images differ by {float(deviations.max()):.2g} of a range of 2, less than the views "
            "of teaching change them, which would leave nothing; give images that differ, or set their "
            "--range"
        )
    if constant:
        warn(f"channels {', '.join(map(str, constant))} have one value in all images, and add nothing")
