"""Noise out of PyTorch's own generator, in the order in which it is asked for."""

from collections.abc import Sequence

import torch
from torch import Tensor

from likeness.noise import Noise


class Global(Noise):
    """What a step draws is a function of the generator's state when it begins."""

    def draw(self, name: str, kind: str, shape: Sequence[int]) -> Tensor:
        """The next numbers of the generator; those of a distortion lie as they were written down."""
        if name == "distortion":
            return torch.rand(6, shape[0], 1, 1).flatten(1).T
        return (torch.randn if kind == "normal" else torch.rand)(*shape)

    def integers(self, name: str, below: int, n: int) -> Tensor:
        """The next whole numbers."""
        return torch.randint(below, (n,))

    def of(self, name: str) -> Noise:
        """The same generator."""
        return self
