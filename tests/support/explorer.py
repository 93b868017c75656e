"""What is explored in tests, what a server is sent, and what it replies."""

import base64
import io
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from likeness.shapes import Images

STEPS = 4
SMALL = ["--net", "mlp", "--latent", "3"]
TINY = [*SMALL, "--net.hidden", "16", "--steps", str(STEPS), "--batch", "8"]
LIVELY = [
    *SMALL, "--net.hidden", "64", "--steps", "150", "--batch", "32", "--lr", "0.01", "--beta", "0.01",
]  # fmt: skip
"""A VAE that has learned enough for every slider to change what is seen."""
JUDGED, ASKING, BLIND, WIDE = range(4)
"""Numbers of the runs."""


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def said(self) -> dict[str, Any]:
        """The JSON in it."""
        return json.loads(self.content)


Ask = Callable[..., Reply]
"""Asks a question, by name."""
Send = Callable[..., Reply]
"""Sends a request as it is."""
FIRST = {"kind": "data", "run": JUDGED, "index": 0}
"""An image that is looked at."""


def pixels(uri: str) -> np.ndarray:
    """The picture in an address (h, w, 3)."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))).convert("RGB"))


def same(uri: str, x: Images) -> bool:
    """Whether a picture shows an image (1, c, h, w), but for rounding."""
    expected = ((x[0].clamp(-1, 1) + 1) / 2 * 255).expand(3, -1, -1).permute(1, 2, 0)
    return bool(np.abs(pixels(uri) - expected.numpy()).max() <= 0.51)


def upload(name: str, content: bytes, **more: Any) -> dict[str, Any]:
    """A file as the page sends it."""
    return {"kind": "file", "name": name, "content": base64.b64encode(content).decode(), **more}


def encoded(array: np.ndarray, kind: str) -> bytes:
    """An array as a file."""
    buffer = io.BytesIO()
    if kind == "npy":
        np.save(buffer, array, allow_pickle=True)
    else:
        Image.fromarray(array).save(buffer, kind)
    return buffer.getvalue()
