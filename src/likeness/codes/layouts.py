"""The layouts that methods without classes may choose between."""

from typing import Annotated

from pydantic import Field

from likeness.codes.flat import Flat
from likeness.codes.spatial import Spatial

FlatOrSpatial = Annotated[Flat | Spatial, Field(discriminator="name")]
"""A row, or a map."""
