"""What an objective is given at a step: samples, noise, and means over the whole batch.

Several processes may share a batch; each has a part of it. All that an objective computes is then a part,
too: losses, gradients and reports of the parts add up to those of the whole.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from likeness.noise import Noise
from likeness.shapes import Images, Labels, PerSample, Scalar

FILL = 0.0
"""What stands where pixels are not valid: the middle of [-1, 1]."""


class Parts(ABC):
    """What the processes that share a batch can do together."""

    processes: int
    """How many share it."""
    start: int
    """Position in the whole batch of the first sample at hand."""
    size: int
    """Samples of the whole batch."""

    @abstractmethod
    def add(self, value: Tensor) -> Tensor:
        """The sum over all processes of each one's `value`, of one shape; without a gradient."""


class NoNoise(Noise):
    """Of a batch for which nobody said where its noise comes from."""

    def draw(self, name: str, kind: str, shape: Any) -> Tensor:
        raise AssertionError(f"there is no noise for {name}; give the batch some by `with_noise`")

    def of(self, name: str) -> Noise:
        return self


@dataclass(frozen=True)
class Batch:
    """What an objective sees of the data at one step: this process's part, which may be all of it."""

    x: Images
    """Pixels that are not valid are filled, whatever was there."""
    labels: Labels
    """Class of each image, or UNLABELLED."""
    index: Labels
    """Position of each image in its split: the batch ids that error messages name."""
    condition: Float[Tensor, "n w"] | None = None
    """What networks have beside the image: attributes, a class, numbers."""
    labelled: "Batch | None" = None
    """As many images whose labels are known, where those of some are not."""
    valid: Bool[Tensor, "n 1 *space"] | None = None
    """Which pixels were measured; None is all."""
    attributes: Float[Tensor, "n a"] | None = None
    """1 where an image has it, 0 where it has not: what predictors learn."""
    noise: Noise = field(default_factory=NoNoise)
    """Random numbers by name."""
    parts: Parts | None = None
    """The processes that share the batch; None where this one has all of it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", self.fill(self.x))

    @property
    def size(self) -> int:
        """Samples of the whole batch."""
        return self.parts.size if self.parts else self.x.shape[0]

    @property
    def weight(self) -> Float[Tensor, "n 1 *space"] | None:
        """What each pixel counts: 1, and 0 where it is not valid; None where all are."""
        return None if self.valid is None else self.valid.to(self.x)

    def with_noise(self, noise: Noise) -> "Batch":
        """The same batch with this noise; that of the labelled images beside it is apart."""
        beside = self.labelled and self.labelled.with_noise(noise.of("labelled"))
        return replace(self, noise=noise, labelled=beside)

    def fill(self, images: Images) -> Images:
        """Images, of which pixels that are not valid in this batch are all alike: so that nothing tells
        real images from made ones there, and no gradient comes from there."""
        return images if self.valid is None else images.where(self.valid, FILL)

    def mean(self, values: PerSample, where: Bool[Tensor, " n"] | None = None) -> Scalar:
        """This process's part of the mean over the whole batch of one value a sample, or over those
        samples of it alone for which `where` holds; not a number where that is none."""
        if where is None:
            return values.sum() / self.size
        return values.where(where, 0).sum() / self.sum(where.sum().to(values))

    def sum(self, value: Tensor) -> Tensor:
        """The sum over all processes of a statistic of each one's samples, for losses that are functions
        of statistics of the whole batch; what is made of it counts `once`."""
        return _Sum.apply(value, self.parts) if self.parts else value  # type: ignore[no-any-return]

    def gather(self, rows: Float[Tensor, "n ..."]) -> Float[Tensor, "m ..."]:
        """A row for each sample of the whole batch, in order, for losses of pairs; what is made of it
        counts `once`."""
        if not self.parts:
            return rows
        before = rows.new_zeros(self.parts.start, *rows.shape[1:])
        after = rows.new_zeros(self.parts.size - self.parts.start - rows.shape[0], *rows.shape[1:])
        return self.sum(torch.cat([before, rows, after]))

    def once(self, loss: Scalar) -> Scalar:
        """This process's part of a number that every process computes whole: a loss without samples, such
        as one of weights, or a function of `sum` or `gather`."""
        return loss / self.parts.processes if self.parts else loss


class _Sum(torch.autograd.Function):
    """The sum over processes; so is its gradient, which is differentiable in turn."""

    @staticmethod
    def forward(ctx: Any, value: Tensor, parts: Parts) -> Tensor:
        ctx.parts = parts
        return parts.add(value.detach())

    @staticmethod
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor, None]:
        return _Sum.apply(above[0], ctx.parts), None  # type: ignore[return-value]
