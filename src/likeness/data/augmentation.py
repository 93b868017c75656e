"""Augmentation of training images: each field is an option, and what is done at a step is a function of
the seed and the step."""

from dataclasses import field
from typing import Annotated, NamedTuple

import numpy as np
import torch
from annotated_types import Ge, Gt, Le, Lt
from pydantic import AfterValidator, BeforeValidator
from torch import Tensor

from likeness.data.jitter import OF_COLOURS, check_strengths, jitter, strengths
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import MAX_SIDE
from likeness.data.transforms import TransformSetting
from likeness.errors import UserError, warn
from likeness.resampling import from_middle, resample
from likeness.settings import Pairs, settings
from likeness.shapes import Images

Jitter = Annotated[Pairs, AfterValidator(check_strengths), BeforeValidator(strengths)]


class Choices(NamedTuple):
    """The random choices for each image of a batch: how far it is moved, whether it is mirrored, and so
    on."""

    mirror: np.ndarray
    """(n,) whether."""
    move: np.ndarray
    """(n, 2) pixels down and to the right."""
    window: np.ndarray
    """(n, 4) numbers from 0 to 1: of the angle, of the share of the sides, and of the place of the part."""
    colours: np.ndarray
    """(n, 4) numbers from 0 to 1, one for each way to change colours."""

    def of(self, part: slice) -> "Choices":
        """The choices for a part of the batch."""
        return Choices(*(drawn[part] for drawn in self))


@settings
class Augmentation:
    """Random changes of training images, in the order of the fields; other images are not changed."""

    transform: TransformSetting = None
    """A function of the user's own, from Python alone: of one stored image, a tensor (c, h, w), to one of
    the same shape and type, as torchvision's v2 transforms are."""
    shift: Annotated[int, Ge(0), Lt(MAX_SIDE)] = 0
    """Move training images by up to so many pixels, at random; edges are repeated."""
    flip: bool = False
    """Mirror every other training image, at random."""
    rotate: Annotated[float, Ge(0), Le(180)] = 0.0
    """Rotate training images by up to so many degrees, at random; edges are mirrored."""
    crop: Annotated[float, Gt(0), Le(1)] = 1.0
    """Crop training images, at random, and resize what is left to their size: the smallest share of their
    sides that is kept, such as 0.8."""
    jitter: Jitter = field(default_factory=dict)
    """Change colours of training images, at random, as torchvision's ColorJitter does: `0.2` is up to
    20 % less or more brightness, contrast and saturation; `brightness:0.2,contrast:0.1,hue:0.05`, each
    by itself. Saturation and hue are those of images of three channels."""

    @property
    def flips_alone(self) -> "Augmentation":
        """The same settings with nothing but the flip, for training the networks that read images."""
        return Augmentation(flip=self.flip)

    @property
    def resamples(self) -> bool:
        """Whether it interpolates between pixels."""
        return self.rotate > 0 or self.crop < 1

    @property
    def recolours(self) -> bool:
        """Whether it changes colours."""
        return any(self.jitter.values())

    def check(self, channels: int) -> None:
        """Check that it can be applied to images of so many channels. Raises UserError if it cannot, or if
        its transform is a name alone, as in the files of a run."""
        if isinstance(self.transform, str):
            raise UserError(
                f"training was begun with transform={self.transform}, a function that Python alone can "
                "give; resume it there by likeness.train(..., resume=True, transform=...)"
            )
        lacking = [name for name in OF_COLOURS if self.jitter.get(name)]
        if channels != 3 and lacking:
            none = " and no ".join(lacking)
            warn(f"images of other than 3 channels have no {none}; --jitter leaves it out")

    def choices(self, random: np.random.Generator, n: int) -> Choices:
        """What is done to each of `n` images; as much is drawn for rotation, crop and jitter that are not
        asked for, so that none of them depends on another."""
        mirror = random.random(n) < (0.5 if self.flip else 0)
        move = random.integers(-self.shift, self.shift + 1, (n, 2))
        return Choices(mirror, move, *np.split(random.random((n, 8)), 2, 1))

    def __call__(self, stored: Tensor, scaling: Scaling, made: Choices) -> Tensor:
        """Stored images (n, h, w, c), each changed by its `choices`, in the same type and range."""
        stored = shift_and_flip(stored, made.mirror, made.move)
        if not (self.resamples or self.recolours):
            return stored
        x = scaling.tensor_to_unit(stored)
        if self.resamples:
            angle, share, *place = made.window.T
            x = rotate_and_crop(x, self.rotate * (2 * angle - 1), 1 - (1 - self.crop) * share, *place)
        if self.recolours:
            x = jitter(x, self.jitter, torch.from_numpy(made.colours).to(x))
        return scaling.tensor_from_unit(x)


UNCHANGED = Augmentation()


def rotate_and_crop(
    x: Images, degrees: np.ndarray, share: np.ndarray, top: np.ndarray, left: np.ndarray
) -> Images:
    """Images, each rotated counter-clockwise by `degrees` and then cropped to a `share` of its sides, which
    is resized to the whole; the crop is at the very `top` and `left` at 0, at the bottom and right at 1.
    Edges are mirrored."""
    height, width = x.shape[2:]
    down, right = ((2 * place - 1) * (1 - share) / 2 for place in (top, left))
    angle = np.radians(degrees)
    numbers = np.stack([share, down * height, right * width, np.cos(angle), np.sin(angle)])
    scale, down, right, cos, sin = torch.from_numpy(numbers).to(x)[:, :, None, None]
    rows, columns = from_middle(x)
    rows, columns = scale * rows + down, scale * columns + right
    return resample(x, cos * rows + sin * columns, cos * columns - sin * rows, "reflection")


def shift_and_flip(stored: Tensor, mirror: np.ndarray, move: np.ndarray) -> Tensor:
    """`stored` (n, h, w, c), moved by `move` (n, 2) rows and columns, edges repeated; then mirrored where
    `mirror` (n,) holds."""
    if stored.dtype == torch.uint16:  # which torch cannot index
        return shift_and_flip(stored.view(torch.int16), mirror, move).view(torch.uint16)
    if move.any():
        return _shift(stored, mirror, move)
    if mirror.any():
        which = torch.from_numpy(np.flatnonzero(mirror)).to(stored.device)
        return stored.index_copy(0, which, stored[which].flip(2))
    return stored


def _shift(stored: Tensor, mirror: np.ndarray, move: np.ndarray) -> Tensor:
    height, width = stored.shape[1:3]
    rows = (np.arange(height) - move[:, :1]).clip(0, height - 1)
    cols = (np.arange(width) - move[:, 1:]).clip(0, width - 1)
    cols = np.where(mirror[:, None], cols[:, ::-1], cols)
    which = np.arange(len(move))[:, None, None]
    places = (which, rows[:, :, None], cols[:, None])
    return stored[tuple(torch.from_numpy(place).to(stored.device) for place in places)]
