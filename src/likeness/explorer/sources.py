"""Sources of the image that is shown: a file, the run's data, or a code."""

from typing import Annotated, Literal

import numpy as np
import torch
from pydantic import Base64Bytes, Field, FiniteFloat

from likeness.data.reading.conforming import Conformed, conform
from likeness.data.reading.items import stored_image
from likeness.explorer.opened import Gallery, Opened, Row, code_tensor
from likeness.settings import settings
from likeness.shapes import UNLABELLED, Images, Labels

Reach = Annotated[FiniteFloat, Field(ge=-1e6, le=1e6)]
Code = Annotated[list[Reach], Field(max_length=100_000)]
MAX_PIXELS = 2**24
"""Of one image that is given to be looked at."""
Said = dict[str, FiniteFloat | str] | None
"""Values of conditions by name; those that are not there are as they are for the image, or as usual."""
Label = Annotated[int, Field(ge=UNLABELLED, lt=10_000)]


@settings
class FileSource:
    """A file that the user picked or dropped."""

    kind: Literal["file"]
    """What it is."""
    name: str
    """Name of the file."""
    content: Base64Bytes
    """Its bytes."""
    channels: tuple[int, ...] = ()
    """Channels that are taken from it, where it has more than the model sees."""
    label: Label = UNLABELLED
    """Its class, where that is known."""

    def image(self, gallery: Gallery) -> np.ndarray:
        """The image in the file (h, w, c)."""
        return stored_image(self.content, self.name, MAX_PIXELS)


@settings
class DataSource:
    """An image of a run's data."""

    kind: Literal["data"]
    """What it is."""
    run: int
    """Number of the run."""
    index: int
    """Position in the sample of the data."""
    channels: tuple[int, ...] = ()
    """Channels that are taken from it."""
    label: Label = UNLABELLED
    """Its class, where another is to be taken for it."""

    def image(self, gallery: Gallery) -> np.ndarray:
        """The image as stored."""
        opened = gallery[self.run]
        opened.data_sample().images(opened.model, [self.index])  # there is one
        return opened.data_sample().stored[self.index]


@settings
class CodeSource:
    """The image that a run decodes from a code."""

    kind: Literal["code"]
    """What it is."""
    run: int
    """Number of the run."""
    code: Code
    """The code."""
    channels: tuple[int, ...] = ()
    """Channels that are taken from the image."""
    label: Label = UNLABELLED
    """Its class, where that is known."""
    condition: Said = None
    """What it is decoded under, of a run with conditions."""

    def image(self, gallery: Gallery) -> np.ndarray:
        """The decoded image in the range of the run's data."""
        opened = gallery[self.run]
        made = opened.model.decode(code_tensor(self.code), opened.condition(self.condition))
        return opened.model.arrays(made)[0]


Source = Annotated[FileSource | DataSource | CodeSource, Field(discriminator="kind")]


def conform_source(
    gallery: Gallery, opened: Opened, source: FileSource | DataSource | CodeSource
) -> Conformed:
    """An image as a run's model takes it, from whatever run or file."""
    model = opened.model
    image = source.image(gallery)
    return conform(image, model.shape, model.scaling, strict=False, channels=source.channels)


def tensor(opened: Opened, given: Conformed) -> Images:
    """An image as a tensor (1, c, h, w)."""
    return opened.model.scaling.to_unit(given.image[None])


def condition_of(
    gallery: Gallery, run: int, source: FileSource | DataSource | CodeSource, said: Said
) -> Row:
    """The condition of an image for a run: the one stated, else that of the image in the run's own data,
    else the usual one."""
    own = isinstance(source, DataSource) and source.run == run
    return gallery[run].condition(said, source.index if own else None)  # type: ignore[union-attr]


def label_of(gallery: Gallery, source: FileSource | DataSource | CodeSource) -> Labels:
    """The class of an image: the one stated, else that of the image in the data."""
    known = source.label
    if known == UNLABELLED and isinstance(source, DataSource):
        known = int(gallery[source.run].data_sample().labels[source.index])
    return torch.tensor([known])
