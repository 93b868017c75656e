"""Priors p(z): what the codes should be distributed as. To add one: a class here, its name in `Prior`."""

from typing import Literal

import torch

from likeness.settings import Count, Positive, settings
from likeness.shapes import Codes


@settings
class Normal:
    """N(0, std^2 I)."""

    name: Literal["normal"] = "normal"
    std: Positive = 1.0
    """Standard deviation of every dimension of the codes."""

    def sample(self, n: int, dim: Count) -> Codes:
        """`n` codes of `dim` dimensions."""
        return self.std * torch.randn(n, dim)


Prior = Normal
