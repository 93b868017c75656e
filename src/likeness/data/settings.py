"""Settings of the data; each field is an option of the command line."""

import os
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, Lt
from pydantic import BeforeValidator, Field, PlainSerializer

from likeness.settings import Count, Metavar, Positive, Rare, settings

MAX_SIDE = 4096
MEMORY = "(memory)"
"""What stands in a document for data in memory."""
OWN_RANGE = "data"
"""The word for the smallest and the largest value of each channel."""


def height_and_width(size: str) -> tuple[int, int]:
    """The sides in "64" or "48x64" (height x width). Raises ValueError for other text."""
    sides = size.lower().split("x")
    if len(sides) > 2 or not all(s.isascii() and s.isdigit() for s in sides):
        raise ValueError(f"{size!r} is not a size; write 64, or 48x64 for height x width")
    height, width = int(sides[0]), int(sides[-1])
    if not (1 <= height <= MAX_SIDE and 1 <= width <= MAX_SIDE):
        raise ValueError(f"{size!r} is not a size; a side is 1 to {MAX_SIDE} pixels")
    return height, width


def _size(size: Any) -> Any:
    """A size as text, "64" or "48x64"; text is checked."""
    words = "x".join(map(str, size)) if isinstance(size, tuple | list) else str(size)
    if size is not None:
        height_and_width(words)
    return None if size is None else words


def _range(limits: Any) -> Any:
    """`"0,1"` as two numbers; anything else as it is. Raises ValueError for a range that is empty."""
    if isinstance(limits, str) and limits != OWN_RANGE:
        limits = limits.split(",")
    if isinstance(limits, tuple | list) and len(limits) == 2 and float(limits[0]) >= float(limits[1]):
        raise ValueError("the first must be less than the second")
    return limits


@dataclass(frozen=True, eq=False)
class InMemory:
    """Images that a program has in memory; its value is None if the program that trained on them has
    ended."""

    value: Any

    def __str__(self) -> str:
        return MEMORY


def _place(data: Any) -> Any:
    """A path or a name as text, and anything else as data in memory. Raises ValueError for numbers
    alone."""
    if data is None or isinstance(data, int | float):
        raise ValueError("it must be images, or say where they are")
    data = os.fspath(data) if isinstance(data, os.PathLike) else data
    if not isinstance(data, str | InMemory):
        return InMemory(data)
    return InMemory(None) if data == MEMORY else data


def _split_numbers(numbers: Any) -> Any:
    """`"0,2"` as a sequence; anything else as it is."""
    return numbers.split(",") if isinstance(numbers, str) else numbers


Data = Annotated[str | Any, BeforeValidator(_place), PlainSerializer(str, return_type=str)]
"""Whatever holds images; as a setting, text or `InMemory`."""
Size = Annotated[str | int | tuple[int, int], BeforeValidator(_size)]
"""As a setting, text."""
Layout = Literal["nhwc", "nchw", "nhw"]
"""The axes of an array of images: number, channels, height, width."""
Range = tuple[float, float] | Literal["data"]
Share = Annotated[float, Ge(0), Lt(1)]
Channels = Annotated[tuple[Annotated[int, Ge(0)], ...], Field(min_length=1)]


@settings
class DataSettings:
    """Which images, and what is done to them before a network sees them."""

    data: Annotated[Data, Metavar("PATH|NAME")]
    """Images to learn from: digits, a folder, a file (.parquet, .npz, .npy, idx), or owner/name on
    the hub; in Python, also an array, a tensor, a pair of images and labels, a data set or a frame."""
    size: Annotated[Size | None, Metavar("SIZE")] = None
    """Side of the images, as 64 or 48x64 (height x width): each is cut to that aspect around its
    centre and then resized. Needed where images differ in size."""
    upscale: Annotated[bool, Rare()] = False
    """Enlarge images smaller than the size; otherwise they count as bad."""
    image: Annotated[str | None, Rare(), Metavar("COLUMN")] = None
    """Column that holds the images; `image` or the only one by default."""
    layout: Annotated[Layout | None, Rare()] = None
    """Axes of an array of images: `nhwc` has the channels last, `nchw` first, `nhw` none."""
    range: Annotated[Range | None, BeforeValidator(_range), Metavar("LOW,HIGH|data")] = None
    """Values that become black and white, as `0,1`; `data` is each channel's own smallest and largest."""
    channels: Annotated[Channels | None, BeforeValidator(_split_numbers), Metavar("N,...")] = None
    """Channels to keep, counted from 0, as `0,2`; all by default."""
    grey: bool = False
    """Turn colour into grey."""
    label: Annotated[str | None, Metavar("COLUMN")] = None
    """Column that holds the class of each image; `label` or the class folders by default."""
    labels: Annotated[Count | None, Rare()] = None
    """Training images that keep their label, as many of each class, drawn at random; the others
    count as unlabelled. All by default."""
    without: Annotated[tuple[str, ...], BeforeValidator(_split_numbers), Rare(), Metavar("LABEL,...")] = ()
    """Labels, as `1,7`, whose images are left out of training and validation, not of the test: what is odd
    to such a model can be scored."""
    group: Annotated[str | None, Rare(), Metavar("COLUMN")] = None
    """Column, such as a person's identity, of which no value may be in two splits; a source's own
    splits that mix groups are made anew."""
    validation: Share = 0.1
    """Share of the images kept for validation, where the source keeps none itself."""
    test: Share = 0.1
    """Share of the images kept for the test, where the source keeps none itself."""
    limit: Count | None = None
    """Use only so many of the training images, drawn at random; all by default."""
    bad: Annotated[Literal["refuse", "skip"], Rare()] = "refuse"
    """What to do about images that cannot be used: refuse the data, or skip and count them."""
    in_memory_gib: Annotated[Positive, Rare()] = 4.0
    """Images above so many GiB are kept in a file of the cache instead of in memory."""

    @property
    def place(self) -> str:
        """Name or path of the data, as in documents."""
        return str(self.data)

    @property
    def sides(self) -> tuple[int, int] | None:
        """Height and width of the images; None where no size is set."""
        return height_and_width(str(self.size)) if self.size else None

    @property
    def bytes_in_memory(self) -> int:
        """Number of bytes of images that may be held in memory."""
        return int(self.in_memory_gib * 2**30)


Images = DataSettings
"""What a program writes: `likeness.Images("photos/", size=64)`."""
