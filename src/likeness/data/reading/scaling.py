"""The linear rule between stored pixel values and [-1, 1], kept with a run and undone on output."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from likeness.data.reading.changing import StoredImages
from likeness.data.reading.pictures import IMAGES_AT_A_TIME, STORED
from likeness.data.settings import Range
from likeness.errors import UserError
from likeness.shapes import Images


@dataclass(frozen=True)
class Scaling:
    """Values from `low` to `high`, for each channel, are mapped linearly to -1 to 1."""

    dtype: str
    """Of the stored values: uint8, uint16 or float32."""
    low: tuple[float, ...]
    high: tuple[float, ...]

    def to_unit(self, images: np.ndarray) -> Images:
        """Stored images (n, h, w, c) -> float32 tensor (n, c, h, w)."""
        return self.tensor_to_unit(torch.tensor(images))

    def tensor_to_unit(self, stored: Tensor) -> Images:
        """Stored images (n, h, w, c), as a tensor on any device -> float32 (n, c, h, w) there."""
        low, high = (self._along(v, stored.device) for v in (self.low, self.high))
        x = stored.permute(0, 3, 1, 2).to(torch.float32, memory_format=torch.contiguous_format)
        return x.sub_(low).mul_(2 / (high - low)).sub_(1)

    def from_unit(self, x: Images) -> np.ndarray:
        """Images in [-1, 1] -> stored (n, h, w, c); integers are rounded and clipped."""
        return self.tensor_from_unit(x.detach().float()).cpu().numpy()

    def tensor_from_unit(self, x: Images) -> Tensor:
        """The same, as a tensor where the images are."""
        low, high = (self._along(v, x.device) for v in (self.low, self.high))
        values = ((x + 1) * ((high - low) / 2) + low).permute(0, 2, 3, 1)
        if self.dtype == "float32":
            return values
        limits, dtype = np.iinfo(self.dtype), getattr(torch, self.dtype)
        return values.round().clamp(limits.min, limits.max).to(dtype)

    def document(self) -> dict:
        """The rule as a JSON document."""
        return {"dtype": self.dtype, "low": list(self.low), "high": list(self.high)}

    @classmethod
    def from_document(cls, document: dict) -> "Scaling":
        """The rule in a JSON document. Raises UserError if it is not one."""
        try:
            dtype, low, high = (document[key] for key in ("dtype", "low", "high"))
            found = cls(str(dtype), tuple(map(float, low)), tuple(map(float, high)))
        except (KeyError, TypeError, ValueError):
            raise UserError("the scaling is not readable; restore it from a backup") from None
        return found._check_range()

    def _check_range(self) -> "Scaling":
        right = len(self.low) == len(self.high) and self.dtype in STORED
        if not right or not all(-np.inf < a < b < np.inf for a, b in zip(self.low, self.high)):
            raise UserError("the scaling makes no sense; restore it from a backup")
        return self

    def _along(self, values: tuple[float, ...], device: torch.device) -> Tensor:
        return torch.tensor(values, dtype=torch.float32, device=device).view(-1, 1, 1)


def scaling_of(images: StoredImages, limits: Range | None = None) -> Scaling:
    """The rule for training images (n, h, w, c): the `limits`, by default 0..255 for uint8, else each
    channel's range."""
    channels, dtype = images.shape[3], images.dtype.name
    if limits is None and dtype == "uint8":
        limits = (0.0, 255.0)
    if isinstance(limits, tuple):
        return Scaling(dtype, (limits[0],) * channels, (limits[1],) * channels)
    stacks = [images[i : i + IMAGES_AT_A_TIME] for i in range(0, len(images), IMAGES_AT_A_TIME)]
    low = np.min([s.min(axis=(0, 1, 2)) for s in stacks], axis=0).astype(float)
    high = np.max([s.max(axis=(0, 1, 2)) for s in stacks], axis=0).astype(float)
    margin = np.where(high > low, 0, np.maximum(1, abs(low)))  # a constant channel becomes 0
    return Scaling(dtype, tuple((low - margin).tolist()), tuple((high + margin).tolist()))
