"""Base class of layouts with a class and a style."""

import torch

from likeness.codes._code import Code, CodeShape
from likeness.codes.labels import Classes, check_labels
from likeness.nets import Players
from likeness.noise import Noise
from likeness.priors import Distribution
from likeness.settings import Count, settings
from likeness.shapes import FullCodes, Labels


@settings
class ClassCode(Code):
    """A layout of a class and a style; the prior describes the style."""

    classes: Classes = 10
    """Number of classes; labels are 0 to `classes` - 1."""
    latent: Count = 64
    """Number of dimensions of the styles."""

    @property
    def dims(self) -> int:
        return self.latent

    @property
    def class_count(self) -> int:
        return self.classes

    def check(self, labels: Labels, batch: int) -> None:
        check_labels(labels, self.classes)

    def sample(
        self, nets: Players, prior: Distribution, n: int, shape: CodeShape, noise: Noise, temperature: float
    ) -> FullCodes:
        styles = temperature * prior.sample(n, self.latent, noise)
        return self.join_labels(nets, torch.arange(n, device=styles.device) % self.classes, styles)
