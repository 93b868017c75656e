"""A discriminator of images against the decoder: the GAN's losses, R1, and the balance rule."""

from collections.abc import Mapping
from typing import Any, Literal

from torch import Tensor

from likeness.batch import Batch
from likeness.losses import log_fake, log_real, r1_penalty
from likeness.objectives._phase import AdaptiveLoss
from likeness.settings import NonNegative, Positive, settings
from likeness.shapes import Logits, PerSample, Scalar


@settings
class Adversary:
    """How decoder and discriminator are set against each other."""

    gan_loss: Literal["saturating", "non_saturating"] = "non_saturating"
    """The decoder's adversarial loss: log(1 - Dis) as in the paper, or -log Dis, whose gradient does
    not vanish while the discriminator is winning."""
    r1: NonNegative = 0.0
    """Weight of R1, half the discriminator's squared gradient at real images (Mescheder et al. 2018)."""
    balance: bool = True
    """The authors' balance rule: the discriminator pauses while one of its costs is below
    `equilibrium - margin`, the decoder while one is above `equilibrium + margin`; never both."""
    equilibrium: Positive = 0.68
    """Cost of telling images apart that the balance rule steers to."""
    margin: NonNegative = 0.35
    """How far a cost may be from `equilibrium` before the balance rule acts."""

    adaptive: bool = False
    """Weigh the decoder's adversarial loss so that at the decoder's last layer its gradient is as long as
    that of the feature error (Esser et al. 2021, equation 7)."""

    @property
    def penalises_gradients(self) -> bool:
        """Whether R1 counts, whose pass is differentiated twice."""
        return self.r1 > 0

    def decoder_loss(self, error: Scalar, generator_loss: Scalar, Dec: Any) -> Scalar | AdaptiveLoss:
        """The decoder's loss: a feature error and an adversarial loss."""
        return (
            AdaptiveLoss(error, generator_loss, last_layer(Dec))
            if self.adaptive
            else error + generator_loss
        )

    def generator_loss(self, logits: Logits) -> PerSample:
        """What the decoder descends to have its images taken for real."""
        return log_fake(logits) if self.gan_loss == "saturating" else -log_real(logits)

    def r1_penalty(self, batch: Batch, Dis: Any) -> Scalar | float:
        """The R1 penalty at the real images of a batch, in a pass of its own."""
        return self.r1 * batch.mean(r1_penalty(lambda x: Dis(x).logits, batch.x)) if self.r1 else 0.0

    def paused(self, costs: Mapping[str, float]) -> set[str]:
        """The balance rule: the discriminator if it wins, the decoder if that wins, and never both."""
        if not self.balance or not costs:
            return set()
        winning = min(costs.values()) < self.equilibrium - self.margin
        losing = max(costs.values()) > self.equilibrium + self.margin
        if winning == losing:
            return set()
        return {"discriminator" if winning else "decoder"}


def last_layer(network: Any) -> list[Tensor]:
    """The parameters of the last layer that has some."""
    return [list(layer.parameters()) for layer in network.children() if list(layer.parameters())][-1]
