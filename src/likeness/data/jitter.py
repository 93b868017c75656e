"""Colour jitter: random brightness, contrast, saturation and hue, as torchvision's `ColorJitter` defines
them, in this order. To add a way, add a function of images in [0, 1] to WAYS."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.data.reading.fitting import LUMA
from likeness.shapes import Images, PerSample

Plane = Float[Tensor, "n 1 h w"]
MAX_HUE = 0.5
"""Half a turn of the colour circle, in either direction: all colours."""


def brightness(x: Images, factor: PerSample) -> Images:
    """Every value times a factor."""
    return x * _per_image(factor)


def contrast(x: Images, factor: PerSample) -> Images:
    """Differences from the mean times a factor. The mean is that of the grey image for images in colour,
    and that of each channel otherwise."""
    base = grey(x) if x.shape[1] == 3 else x
    mean = base.double().mean((2, 3), keepdim=True).to(x)
    return mean + _per_image(factor) * (x - mean)


def saturation(x: Images, factor: PerSample) -> Images:
    """Differences from the grey image times a factor."""
    return grey(x) + _per_image(factor) * (x - grey(x))


def hue(x: Images, turn: PerSample) -> Images:
    """Colours turned on the circle of the HSV model; 1 is once around."""
    value, chroma = x.amax(1, keepdim=True), x.amax(1, keepdim=True) - x.amin(1, keepdim=True)
    sector = (_sector(x, value, chroma) + 6 * _per_image(turn)) % 6
    shown = (sector + x.new_tensor([5.0, 3.0, 1.0]).view(3, 1, 1)) % 6
    return value - chroma * torch.minimum(shown, 4 - shown).clamp(0, 1)


def grey(x: Float[Tensor, "n 3 h w"]) -> Plane:
    """The brightness of colours (ITU-R BT.601)."""
    return (x * torch.from_numpy(LUMA).to(x).view(3, 1, 1)).sum(1, keepdim=True)


def _sector(x: Images, value: Plane, chroma: Plane) -> Plane:
    """Which sixth of the colour circle each pixel is in, from 0, red, to 6, red again."""
    red, green, blue = x.split(1, 1)
    scale = chroma.where(chroma > 0, 1)
    between = torch.where(value == green, 2 + (blue - red) / scale, 4 + (red - green) / scale)
    return torch.where(value == red, (green - blue) / scale, between)


def _per_image(numbers: PerSample) -> Float[Tensor, "n 1 1 1"]:
    return numbers.view(-1, 1, 1, 1)


WAYS: Mapping[str, Callable[[Images, PerSample], Images]] = {
    "brightness": brightness, "contrast": contrast, "saturation": saturation, "hue": hue,
}  # fmt: skip
OF_COLOURS = ("saturation", "hue")
"""What images without three channels do not have."""


def jitter(x: Images, strengths: Mapping[str, float], drawn: Float[Tensor, "n 4"]) -> Images:
    """Images in [-1, 1] whose colours are changed, in the same range; `drawn` are numbers from 0 to 1.

    Factors are evenly drawn from 1 - strength, or 0, to 1 + strength; turns from -strength to strength.
    """
    x = (x + 1) / 2
    for (name, change), u in zip(WAYS.items(), drawn.unbind(1)):
        if strengths.get(name) and (x.shape[1] == 3 or name not in OF_COLOURS):
            x = change(x, _amount(name, strengths[name], u)).clamp(0, 1)
    return 2 * x - 1


def _amount(name: str, strength: float, u: PerSample) -> PerSample:
    low = -strength if name == "hue" else max(0.0, 1 - strength)
    high = strength if name == "hue" else 1 + strength
    return low + (high - low) * u


def strengths(said: Any) -> Any:
    """`0.2` as that much of brightness, contrast and saturation; anything else as it is."""
    try:
        return dict.fromkeys(("brightness", "contrast", "saturation"), float(said))
    except (TypeError, ValueError):
        return said


def check_strengths(found: dict[str, float]) -> dict[str, float]:
    """Raises ValueError for an unknown colour change, and for a hue of more than MAX_HUE."""
    for name in found:
        if name not in WAYS:
            raise ValueError(f"There is no {name!r} to change; choose among {', '.join(WAYS)}")
    if found.get("hue", 0) > MAX_HUE:
        raise ValueError(f"A hue is at most {MAX_HUE}, which is half a turn; write less")
    return found
