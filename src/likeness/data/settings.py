"""What the user says about the data; each field is an option of the command line."""

from typing import Annotated, Any, Literal

from annotated_types import Ge, Lt
from pydantic import AfterValidator, BeforeValidator, Field

from likeness.settings import Count, Positive, settings

MAX_SIDE = 4096


def height_and_width(size: str) -> tuple[int, int]:
    """Sides that "64" or "48x64" (height x width) stand for. Raises ValueError for other words."""
    sides = size.lower().split("x")
    if len(sides) > 2 or not all(s.isascii() and s.isdigit() for s in sides):
        raise ValueError(f"{size!r} is not a size; write 64, or 48x64 for height x width")
    height, width = int(sides[0]), int(sides[-1])
    if not (1 <= height <= MAX_SIDE and 1 <= width <= MAX_SIDE):
        raise ValueError(f"{size!r} is not a size; a side is 1 to {MAX_SIDE} pixels")
    return height, width


def _checked(size: str) -> str:
    height_and_width(size)
    return size


def _listed(numbers: Any) -> Any:
    """`"0,2"` as a sequence; anything else as it is."""
    return numbers.split(",") if isinstance(numbers, str) else numbers


Size = Annotated[str, AfterValidator(_checked)]
Share = Annotated[float, Ge(0), Lt(1)]
Channels = Annotated[tuple[Annotated[int, Ge(0)], ...], Field(min_length=1)]


@settings
class DataSettings:
    """Which images, and what is done to them before a network sees them."""

    data: str
    """Images to learn from: digits, a folder, a file (.parquet, .npz, .npy, idx), or owner/name on
    the hub."""
    size: Size | None = None
    """Side of the images, as 64 or 48x64 (height x width): each is cut to that aspect around its
    centre and then resized. Needed where images differ in size."""
    upscale: bool = False
    """Enlarge images smaller than the size; otherwise they count as bad."""
    channels: Annotated[Channels | None, BeforeValidator(_listed)] = None
    """Channels to keep, counted from 0, as `0,2`; all by default."""
    grey: bool = False
    """Turn colour into grey."""
    label: str | None = None
    """Column that holds the class of each image; `label` or the class folders by default."""
    labels: Count | None = None
    """Training images that keep their label, as many of each class, drawn at random; the others
    count as unlabelled. All by default."""
    without: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """Labels, as `1,7`, whose images are left out of training and validation, not of the test: what is odd
    to such a model can be scored."""
    group: str | None = None
    """Column, such as a person's identity, of which no value may be in two splits; a source's own
    splits that mix groups are made anew."""
    validation: Share = 0.1
    """Share of the images kept for validation, where the source keeps none itself."""
    test: Share = 0.1
    """Share of the images kept for the test, where the source keeps none itself."""
    limit: Count | None = None
    """Use only so many of the training images, drawn at random; all by default."""
    bad: Literal["refuse", "skip"] = "refuse"
    """What to do about images that cannot be used: refuse the data, or skip and count them."""
    in_memory_gib: Positive = 4.0
    """Images above so many GiB are kept in a file of the cache instead of in memory."""

    @property
    def sides(self) -> tuple[int, int] | None:
        """Height and width asked for."""
        return height_and_width(self.size) if self.size else None

    @property
    def bytes_in_memory(self) -> int:
        """What may be held in memory."""
        return int(self.in_memory_gib * 2**30)
