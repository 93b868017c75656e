"""Arrays of images brought to the channels, the depth and the size that were asked for."""

import numpy as np
from PIL import Image

from likeness.data.reading.decoding import Header, UnusableError
from likeness.data.settings import DataSettings
from likeness.errors import UserError

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""ITU-R BT.601, what Pillow's own conversion to grey uses."""


def header_after_fitting(natural: Header, settings: DataSettings) -> Header:
    """Size and kind of `natural` images after fitting. Raises UserError for channels that they do not
    have."""
    height, width = settings.sides or (natural.height, natural.width)
    kept = settings.channels or tuple(range(natural.channels))
    if max(kept) >= natural.channels:
        raise UserError(
            f"there is no channel {max(kept)}; the images have channels 0 to {natural.channels - 1}"
        )
    if settings.grey and len(kept) not in (1, 3):
        raise UserError(f"{len(kept)} channels make no grey; pick one with --channels instead")
    return Header(height, width, 1 if settings.grey else len(kept), natural.dtype)


def check_large_enough(height: int, width: int, settings: DataSettings) -> None:
    """Raises UnusableError where an image would have to be enlarged."""
    if settings.sides and not settings.upscale:
        cut = cut_sides(height, width, settings.sides)
        if cut[0] < settings.sides[0] or cut[1] < settings.sides[1]:
            asked = "x".join(map(str, settings.sides))
            raise UnusableError(f"{height}x{width} is smaller than {asked}; --upscale enlarges")


def cut_sides(height: int, width: int, sides: tuple[int, int]) -> tuple[int, int]:
    """Height and width of the largest part that has the aspect of `sides`."""
    return (
        max(1, min(height, round(width * sides[0] / sides[1]))),
        max(1, min(width, round(height * sides[1] / sides[0]))),
    )


def resize(image: np.ndarray, sides: tuple[int, int] | None) -> np.ndarray:
    """`image` (h, w, c) cut around its centre to the aspect of `sides`, then resized (Lanczos)."""
    if sides is None or image.shape[:2] == sides:
        return image
    height, width = cut_sides(image.shape[0], image.shape[1], sides)
    top, left = (image.shape[0] - height) // 2, (image.shape[1] - width) // 2
    cut = image[top : top + height, left : left + width]
    if cut.dtype == np.uint8 and cut.shape[2] == 3:
        return np.asarray(Image.fromarray(cut).resize((sides[1], sides[0]), Image.Resampling.LANCZOS))
    return np.stack([_resize_plane(cut[..., c], sides) for c in range(cut.shape[2])], axis=-1)


def _resize_plane(plane: np.ndarray, sides: tuple[int, int]) -> np.ndarray:
    picture = Image.fromarray(np.ascontiguousarray(plane, dtype=np.float32))
    return to_dtype(np.asarray(picture.resize((sides[1], sides[0]), Image.Resampling.LANCZOS)), plane.dtype)


def to_dtype(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Float `values` as `dtype`; for integers rounded, and clipped to what it can hold."""
    if dtype.kind == "f":
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    return np.rint(values).clip(limits.min, limits.max).astype(dtype)


def grey(images: np.ndarray) -> np.ndarray:
    """The brightness of colour `images` (..., 3) as one channel (..., 1) of the same type."""
    return to_dtype(images.astype(np.float32) @ LUMA, images.dtype)[..., None]


def widen(image: np.ndarray, natural: Header) -> np.ndarray:
    """`image` (h, w, c) in the channels and depth of its set: grey becomes RGB, 8 bits become 16."""
    if natural.dtype == "uint16" and image.dtype == np.uint8:
        image = image.astype(np.uint16) * 257
    if image.shape[2] != natural.channels:
        image = np.repeat(image, natural.channels, axis=2)
    return image


def prepare(image: np.ndarray, natural: Header, settings: DataSettings) -> np.ndarray:
    """`image` (h, w, c) of a set of `natural` kind, in the size, channels and depth that were asked for."""
    return select_channels(widen(resize(image, settings.sides), natural), settings)


def select_channels(images: np.ndarray, settings: DataSettings) -> np.ndarray:
    """The channels of `images` (..., c) that were asked for, grey where asked."""
    if settings.channels:
        images = images[..., list(settings.channels)]
    if settings.grey and images.shape[-1] == 3:
        images = grey(images)
    return images
