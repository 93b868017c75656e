"""What is assumed of data that a metric is taught on, by rules that use no label."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression

from likeness.data.reading.scaling import Scaling
from likeness.metrics import auroc
from likeness.shapes import Images
from likeness.similarity.views import Views

MIN_IMAGES, MAX_IMAGES = 60, 2000
"""Images that the rules look at: at least, and at most."""
SIDE = 12
"""Side, in pixels, of the images by which mirror images are told apart."""
MIRROR_AUC = 0.65
"""AUROC of telling images from mirror images, below which they count as alike."""
PICTURE_RANGES = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0))
"""Ranges of floats, about, that pictures are usually scaled to."""
COLOUR_CORRELATION = 0.6
"""Mean correlation of three channels above which they are colours of one picture."""


@dataclass(frozen=True)
class Assumptions:
    """What is assumed of some data."""

    mirrored: bool
    """Whether mirror images cannot be told from images, as of most photographs; then views are mirrored,
    and pixels and structure are compared, too."""
    mirror_auc: float
    """Held-out AUROC of a linear classifier of images and mirror images."""
    colour: bool
    """Whether three channels are the colours of one picture; then views change colours."""
    measured: bool
    """Whether values are stored in 16 bits, or as floats of a range of their own, as measurements are; then
    levels may count."""

    def views(self) -> Views:
        """Views of such data."""
        if self.colour:
            return Views(colour=0.8, grey=0.3, gamma=0.0, mirror=self.mirrored)
        return Views(mirror=self.mirrored)

    def sentence(self) -> str:
        """The assumptions in words."""
        mirror = (
            "mirror images count as the same kind of image, and pixels and structure are compared, too"
            if self.mirrored
            else "mirror images do not count as the same kind of image"
        )
        parts = [f"{mirror} (told apart with an AUROC of {self.mirror_auc:.2f})"]
        parts += ["three channels are taken as colours"] if self.colour else []
        parts += ["values are taken as measured, so that levels may count"] if self.measured else []
        return "; ".join(parts)


def assume(x: Images, scaling: Scaling) -> Assumptions:
    """What to assume of data, from training images."""
    x = x[:MAX_IMAGES]
    auc = mirror_auc(x)
    return Assumptions(auc < MIRROR_AUC, auc, are_colours(x), is_measurement(scaling))


def is_measurement(scaling: Scaling) -> bool:
    """Whether stored values are 16-bit integers, or floats of a range that is no usual one of pictures."""
    if scaling.dtype != "float32":
        return scaling.dtype != "uint8"
    low, high = min(scaling.low), max(scaling.high)
    return not any(
        abs(low - a) <= 0.05 * (b - a) and abs(high - b) <= 0.05 * (b - a) for a, b in PICTURE_RANGES
    )


def are_colours(x: Images) -> bool:
    """Whether there are three channels that mostly say the same."""
    if x.shape[1] != 3:
        return False
    correlations = torch.corrcoef(x.transpose(0, 1).flatten(1))
    return float((correlations.sum() - 3) / 6) > COLOUR_CORRELATION


def mirror_auc(x: Images, seed: int = 0) -> float:
    """How well a linear classifier tells mirror images from images that it was not fitted on: 0.5 is not at
    all. No image is in both classes. Of fewer than MIN_IMAGES nothing is known, which counts as 1."""
    if len(x) < MIN_IMAGES:
        return 1.0
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    small = F.adaptive_avg_pool2d(x[order], (min(SIDE, x.shape[2]), min(SIDE, x.shape[3])))
    half = len(small) // 2
    rows = torch.cat([small[:half], small[half:].flip(3)]).flatten(1)
    mirrored = torch.arange(len(rows)) >= half
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed + 1))
    fitted, held_out = order[: len(rows) * 2 // 3], order[len(rows) * 2 // 3 :]
    classifier = LogisticRegression(C=0.05, max_iter=300)
    classifier.fit(rows[fitted].numpy(), mirrored[fitted].numpy())
    scores = torch.from_numpy(classifier.decision_function(rows[held_out].numpy()))
    return auroc(scores.float(), mirrored[held_out]).mean
