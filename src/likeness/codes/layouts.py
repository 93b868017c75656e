"""The layouts of methods without classes."""

from typing import Annotated

from pydantic import Field

from likeness.codes.flat import Flat
from likeness.codes.spatial import Spatial

FlatOrSpatial = Annotated[Flat | Spatial, Field(discriminator="name")]
"""Codes as rows or as maps."""
