"""One encoded image file -> one array (height, width, channels), safely.

Grey stays one channel; palette, CMYK and colour become RGB; what is transparent is laid on white;
EXIF rotation is applied; of an animation the first frame is taken. 8-bit files give uint8, 16-bit
grey files uint16 with every bit kept, 32-bit grey files float32. Pillow reads only the upper eight
bits of 16-bit colour files: give those as .npz.
"""

import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

FORMATS = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg"),
    "WEBP": (".webp",),
    "TIFF": (".tif", ".tiff"),
    "BMP": (".bmp",),
    "GIF": (".gif",),
    "PPM": (".ppm", ".pgm"),
}
"""What is opened, and how the names of its files end; others of Pillow's formats start programs or are
rarely tested."""
ENDINGS = frozenset(ending for endings in FORMATS.values() for ending in endings)
"""The names of files of images end so, in small letters."""
MAX_SIDE = 32_768
MAX_PIXELS = 2**26
MAX_FILE_BYTES = 2**29
_WIDE = {"I;16", "I;16L", "I;16B", "I;16N"}
_TURNED = {5, 6, 7, 8}
"""EXIF orientations that swap height and width."""


Item = bytes | Path | np.ndarray
"""One image: the bytes of a file, its path, or an array (height, width, channels) that is decoded."""


class UnusableError(Exception):
    """An image that cannot be used, with the reason."""


class Header(NamedTuple):
    """Size and kind of an image, from the beginning of its file."""

    height: int
    width: int
    channels: int
    dtype: str


def header(data: Item) -> Header:
    """Size and kind of an image; no pixel is decoded, PNG checksums are compared.

    Raises UnusableError for what is too large, and Pillow's errors for what is no image.
    """
    if isinstance(data, np.ndarray):
        height, width, channels = data.shape
        return Header(height, width, channels, data.dtype.name)
    with open_image(data) as picture:
        width, height = picture.size
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            raise UnusableError(f"{width}x{height} pixels are too many")
        if picture.format != "TIFF" and _orientation(picture) in _TURNED:
            height, width = width, height
        kind = _kind(picture)
        if picture.format == "PNG":
            picture.verify()
    return Header(height, width, *kind)


def pixels(data: Item, at_least: tuple[int, int] | None = None) -> np.ndarray:
    """The image as (height, width, channels); call `header` first.

    A JPEG may come reduced 2, 4 or 8 times, to no less than twice the sides `at_least`.
    """
    if isinstance(data, np.ndarray):
        return data
    with open_image(data) as picture:
        if at_least:
            picture.draft(None, (2 * max(at_least), 2 * max(at_least)))
        return of_picture(picture)


def of_picture(picture: Image.Image) -> np.ndarray:
    """A PIL image as an array (height, width, channels)."""
    channels, dtype = _kind(picture)
    upright = ImageOps.exif_transpose(picture)
    flat = _plain(upright, channels) if dtype == "uint8" else upright
    return np.asarray(flat).astype(dtype).reshape(flat.height, flat.width, channels)


def open_image(data: bytes | Path) -> Image.Image:
    """The PIL image in a file or its bytes; only its header is read."""
    if isinstance(data, Path):
        data = read(data)
    if not data:
        raise UnusableError("empty file")
    try:
        return Image.open(io.BytesIO(data), formats=list(FORMATS))
    except UnidentifiedImageError:
        markup = data[:256].lstrip().startswith(b"<")
        raise UnusableError("a web page, not an image" if markup else "not an image") from None


def read(path: Path) -> bytes:
    """The bytes of a file. Raises UnusableError if it is too large for an image."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UnusableError("file is too large")
    return path.read_bytes()


def reason(error: Exception) -> str:
    """Why an image cannot be used, in a few words."""
    if isinstance(error, (Image.DecompressionBombError, Image.DecompressionBombWarning)):
        return "too many pixels"
    return (str(error) or type(error).__name__).splitlines()[0]


def _kind(picture: Image.Image) -> tuple[int, str]:
    if picture.mode in _WIDE or (picture.mode == "I" and picture.format in ("PNG", "PPM")):
        return 1, "uint16"
    if picture.mode in ("I", "F"):
        return 1, "float32"
    return (1 if picture.mode in ("1", "L", "LA", "La") else 3), "uint8"


def _plain(picture: Image.Image, channels: int) -> Image.Image:
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    return picture.convert("L" if channels == 1 else "RGB")


def _orientation(picture: Image.Image) -> int:
    """EXIF orientation, as far as it stands before the pixels."""
    if "exif" not in picture.info:
        return 1
    return picture.getexif().get(ExifTags.Base.Orientation, 1)
