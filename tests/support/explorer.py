"""What is explored in tests, and what a server replies."""

import json
from typing import Any, NamedTuple

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
