"""Optimizers and learning-rate schedules: choices of a run, each a function of the step alone."""

import math
from collections.abc import Sequence
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import nn

from likeness.settings import Fraction, NonNegative, settings


@settings
class Adam:
    """Adam (Kingma and Ba 2015)."""

    name: Literal["adam"] = "adam"
    beta1: Fraction = 0.5
    """Decay of the mean gradient; 0.5 rather than 0.9 where two networks chase one another."""
    beta2: Fraction = 0.999
    """Decay of the mean squared gradient."""
    weight_decay: NonNegative = 0.0
    """L2 penalty, added to the gradient."""

    def build(self, parameters: Sequence[nn.Parameter], lr: float) -> torch.optim.Optimizer:
        """The optimizer of torch, around some parameters."""
        betas = (self.beta1, self.beta2)
        return torch.optim.Adam(parameters, lr, betas, weight_decay=self.weight_decay, fused=True)


@settings
class AdamW:
    """AdamW (Loshchilov and Hutter 2019): Adam whose weight decay is apart from the gradient."""

    name: Literal["adamw"] = "adamw"
    beta1: Fraction = 0.5
    """Decay of the mean gradient."""
    beta2: Fraction = 0.999
    """Decay of the mean squared gradient."""
    weight_decay: NonNegative = 1e-2
    """Share of each weight that is taken off, times the learning rate."""

    def build(self, parameters: Sequence[nn.Parameter], lr: float) -> torch.optim.Optimizer:
        """The optimizer of torch, around some parameters."""
        betas = (self.beta1, self.beta2)
        return torch.optim.AdamW(parameters, lr, betas, weight_decay=self.weight_decay, fused=True)


@settings
class RMSprop:
    """RMSprop (Tieleman and Hinton 2012), the optimizer of Larsen et al. 2016."""

    name: Literal["rmsprop"] = "rmsprop"
    decay: Fraction = 0.9
    """Decay of the mean squared gradient."""
    weight_decay: NonNegative = 0.0
    """L2 penalty, added to the gradient."""

    def build(self, parameters: Sequence[nn.Parameter], lr: float) -> torch.optim.Optimizer:
        """The optimizer of torch, around some parameters."""
        return torch.optim.RMSprop(parameters, lr, self.decay, weight_decay=self.weight_decay)


Optimizer = Annotated[Adam | AdamW | RMSprop, Field(discriminator="name")]


@settings
class Constant:
    """The same learning rate throughout."""

    name: Literal["constant"] = "constant"

    def factor(self, progress: float) -> float:
        """Factor on the learning rate after `progress`, in [0, 1], of all steps."""
        return 1.0


@settings
class Cosine:
    """Half a cosine, from the learning rate down to a fraction of it."""

    name: Literal["cosine"] = "cosine"
    final: Fraction = 0.0
    """Fraction of the learning rate at the last step."""

    def factor(self, progress: float) -> float:
        """Factor on the learning rate after `progress`, in [0, 1], of all steps."""
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * progress)) / 2


@settings
class Exponential:
    """The same factor at each step, down to a fraction of the learning rate."""

    name: Literal["exponential"] = "exponential"
    final: Annotated[float, Field(gt=0, le=1)] = 5e-4
    """Fraction of the learning rate at the last step."""

    def factor(self, progress: float) -> float:
        """Factor on the learning rate after `progress`, in [0, 1], of all steps."""
        return self.final**progress


Schedule = Annotated[Constant | Cosine | Exponential, Field(discriminator="name")]
