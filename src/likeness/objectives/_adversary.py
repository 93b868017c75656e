"""A discriminator of images against the decoder: the GAN's losses, R1, and the balance rule."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from torch import Tensor

from likeness.batch import Batch
from likeness.losses import log_fake, log_real, r1_penalty
from likeness.objectives._phase import AdaptiveLoss
from likeness.settings import NonNegative, Positive, Rare, settings
from likeness.shapes import Logits, PerSample, Scalar


@settings
class Adversary:
    """The game between the decoder and the discriminator of images."""

    gan_loss: Literal["saturating", "non_saturating"] = "non_saturating"
    """Adversarial loss of the decoder: `saturating` is log(1 - Dis), as in the paper; `non_saturating` is
    -log Dis, whose gradient does not vanish while the discriminator is winning."""
    r1: NonNegative = 0.0
    """Weight of the R1 penalty: half the squared gradient of the discriminator at real images (Mescheder et
    al. 2018)."""
    balance: bool = True
    """Balance rule of the authors: the discriminator pauses while one of its costs is below
    `equilibrium - margin`, the decoder while one is above `equilibrium + margin`; never both."""
    equilibrium: Annotated[Positive, Rare()] = 0.68
    """Cost of the discriminator at which the balance rule pauses no player."""
    margin: Annotated[NonNegative, Rare()] = 0.35
    """Distance of a cost from `equilibrium` at which the balance rule acts."""
    adaptive: bool = False
    """Scale the adversarial loss of the decoder so that its gradient at the decoder's last layer has the
    norm of that of the feature error (Esser et al. 2021, equation 7)."""

    @property
    def penalises_gradients(self) -> bool:
        """Whether there is an R1 penalty, whose pass is differentiated twice."""
        return self.r1 > 0

    def decoder_loss(self, error: Scalar, generator_loss: Scalar, Dec: Any) -> Scalar | AdaptiveLoss:
        """The loss of the decoder: the feature error plus the adversarial loss, scaled if `adaptive`."""
        return (
            AdaptiveLoss(error, generator_loss, last_layer(Dec))
            if self.adaptive
            else error + generator_loss
        )

    def generator_loss(self, logits: Logits) -> PerSample:
        """Adversarial loss of the decoder for the logits of generated images (n,)."""
        return log_fake(logits) if self.gan_loss == "saturating" else -log_real(logits)

    def r1_penalty(self, batch: Batch, Dis: Any) -> Scalar | float:
        """The weighted R1 penalty at the real images of a batch, in a pass of its own; 0 without it."""
        return self.r1 * batch.mean(r1_penalty(lambda x: Dis(x).logits, batch.x)) if self.r1 else 0.0

    def paused_moves(self, costs: Mapping[str, float]) -> set[str]:
        """The balance rule: pause the discriminator or the decoder while it is far ahead, never both."""
        if not self.balance or not costs:
            return set()
        winning = min(costs.values()) < self.equilibrium - self.margin
        losing = max(costs.values()) > self.equilibrium + self.margin
        if winning == losing:
            return set()
        return {"discriminator" if winning else "decoder"}


def last_layer(network: Any) -> list[Tensor]:
    """The parameters of the last child module that has parameters."""
    return [list(layer.parameters()) for layer in network.children() if list(layer.parameters())][-1]
