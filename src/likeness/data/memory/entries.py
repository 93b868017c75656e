"""One item of a data set: which part of it is the image, and which parts are labels and attributes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from likeness.data.memory.pictures import is_picture
from likeness.data.reading.decoding import Item
from likeness.errors import UserError
from likeness.registry import suggestion

IMAGES = ("image", "images", "img", "x", "data", "pixel_values")
"""Keys of the image in an item, in order of preference."""


class Entry(NamedTuple):
    """One item: its image, and its other values by name."""

    image: Item
    beside: dict[str, Any]


def split_item(item: Any, asked: str | None) -> tuple[Any, dict[str, Any]]:
    """An item, split into its image and its other values."""
    if isinstance(item, Mapping) and not (is_picture(item) and asked is None):
        key = image_key(item, asked)
        return item[key], {str(name): value for name, value in item.items() if name != key}
    if isinstance(item, tuple) or (
        isinstance(item, list) and item and is_picture(item[0]) and len(item) == 2
    ):
        first, *rest = item or (None,)
        return first, {"label": rest[0]} if rest else {}
    return item, {}


def image_key(item: Mapping[str, Any], asked: str | None) -> str:
    """The key of the image in an item, or the column of a frame. UserError if there is none, or several."""
    if asked is not None:
        if asked not in item:
            raise UserError(f"there is no column {asked!r}; {suggestion(asked, sorted(map(str, item)))}")
        return asked
    found = [name for name, value in item.items() if is_picture(value)]
    usual = [name for name in IMAGES if name in found or (name in item and item[name] is None)]
    if usual or len(found) == 1:
        return (usual or found)[0]
    known = ", ".join(map(str, found or item))
    fact = "several columns hold images" if found else "no column holds images"
    raise UserError(f"{fact} ({known}); name one with image=")
