"""Optimizers and learning-rate schedules; a schedule depends on the step only."""

import math
from collections.abc import Sequence
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import nn

from likeness.settings import Fraction, NonNegative, Rare, settings


@settings
class Adam:
    """Adam (Kingma and Ba 2015)."""

    name: Literal["adam"] = "adam"
    beta1: Annotated[Fraction, Rare()] = 0.5
    """Decay of the mean gradient; adversarial trainings use 0.5 rather than 0.9."""
    beta2: Annotated[Fraction, Rare()] = 0.999
    """Decay of the mean squared gradient."""
    weight_decay: Annotated[NonNegative, Rare()] = 0.0
    """L2 penalty, added to the gradient."""

    def build(self, parameters: Sequence[nn.Parameter], lr: float) -> torch.optim.Optimizer:
        """The PyTorch optimizer of some parameters with learning rate `lr`."""
        betas = (self.beta1, self.beta2)
        return torch.optim.Adam(parameters, lr, betas, weight_decay=self.weight_decay, fused=True)


@settings
class AdamW:
    """AdamW (Loshchilov and Hutter 2019): Adam with decoupled weight decay."""

    name: Literal["adamw"] = "adamw"
    beta1: Annotated[Fraction, Rare()] = 0.5
    """Decay of the mean gradient."""
    beta2: Annotated[Fraction, Rare()] = 0.999
    """Decay of the mean squared gradient."""
    weight_decay: Annotated[NonNegative, Rare()] = 1e-2
    """Weight decay, multiplied by the learning rate."""

    def build(self, parameters: Sequence[nn.Parameter], lr: float) -> torch.optim.Optimizer:
        """The PyTorch optimizer of some parameters with learning rate `lr`."""
        betas = (self.beta1, self.beta2)
        return torch.optim.AdamW(parameters, lr, betas, weight_decay=self.weight_decay, fused=True)


@settings
class RMSprop:
    """RMSprop (Tieleman and Hinton 2012), the optimizer of Larsen et al. 2016."""

    name: Literal["rmsprop"] = "rmsprop"
    decay: Annotated[Fraction, Rare()] = 0.9
    """Decay of the mean squared gradient."""
    weight_decay: Annotated[NonNegative, Rare()] = 0.0
    """L2 penalty, added to the gradient."""

    def build(self, parameters: Sequence[nn.Parameter], lr: float) -> torch.optim.Optimizer:
        """The PyTorch optimizer of some parameters with learning rate `lr`."""
        return torch.optim.RMSprop(parameters, lr, self.decay, weight_decay=self.weight_decay)


Optimizer = Annotated[Adam | AdamW | RMSprop, Field(discriminator="name")]
"""Any optimizer."""


@settings
class Constant:
    """A constant learning rate."""

    name: Literal["constant"] = "constant"

    def factor(self, progress: float) -> float:
        """Factor on the learning rate after the fraction `progress`, in [0, 1], of all steps."""
        return 1.0


@settings
class Cosine:
    """Half a cosine from the learning rate down to a fraction of it."""

    name: Literal["cosine"] = "cosine"
    final: Annotated[Fraction, Rare()] = 0.0
    """Fraction of the learning rate at the last step."""

    def factor(self, progress: float) -> float:
        """Factor on the learning rate after the fraction `progress`, in [0, 1], of all steps."""
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * progress)) / 2


@settings
class Exponential:
    """Exponential decay of the learning rate to a fraction of it."""

    name: Literal["exponential"] = "exponential"
    final: Annotated[Annotated[float, Field(gt=0, le=1)], Rare()] = 5e-4
    """Fraction of the learning rate at the last step."""

    def factor(self, progress: float) -> float:
        """Factor on the learning rate after the fraction `progress`, in [0, 1], of all steps."""
        return self.final**progress


Schedule = Annotated[Constant | Cosine | Exponential, Field(discriminator="name")]
"""Any learning-rate schedule."""
