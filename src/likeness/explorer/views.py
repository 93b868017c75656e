"""Images and codes for the page: PNG files within JSON, and numbers."""

import base64
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.errors import UserError
from likeness.pages import pictures
from likeness.shapes import Codes, Images

PNG_COMPRESSION = 1
"""Compression of pictures that travel no further than this machine."""


def picture_urls(images: Images, channel: int | None) -> list[str]:
    """Each image, or one of its channels, as a data URL. Raises UserError if there is no such channel."""
    if channel is not None:
        if not 0 <= channel < images.shape[1]:
            raise UserError(f"there is no channel {channel}; images have 0 to {images.shape[1] - 1}")
        images = images[:, channel : channel + 1]
    return [uri(pictures.png(pictures.plain(one), PNG_COMPRESSION)) for one in pictures.to_colour(images)]


def heat_map(values: Float[Tensor, "h w"]) -> dict[str, Any]:
    """Differences as colours, lightest where they are largest, and the largest difference."""
    most = float(values.max())
    drawn = pictures.heat(values / max(most, 1e-12))
    return {"picture": uri(pictures.png(drawn, PNG_COMPRESSION)), "most": most}


def numbers(values: Codes) -> list[list[float]]:
    """Rows of numbers, rounded to six decimals."""
    return np.round(values.detach().double().numpy(), 6).tolist()


def uri(png: bytes) -> str:
    """A PNG file as a data URL."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def finite(value: float | Tensor) -> float | None:
    """A number for JSON; None if it is not finite."""
    number = float(value)
    return number if torch.isfinite(torch.tensor(number)) else None
