"""The game between the encoder and a discriminator of codes, shared by adversarial autoencoders."""

from typing import Annotated, Any

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batch import Batch
from likeness.losses import log_fake, log_real, r1_penalty
from likeness.noise import Noise
from likeness.settings import NonNegative, Rare, settings
from likeness.shapes import Codes, Logits, Scalar


@settings
class LatentCritic:
    """A discriminator that compares codes with samples of the prior."""

    code_noise: Annotated[NonNegative, Rare()] = 0.0
    """Standard deviation of noise that is added to all inputs of the discriminator of codes."""
    r1: Annotated[NonNegative, Rare()] = 0.0
    """Weight of the R1 penalty: half the squared gradient of the discriminator of codes at samples of the
    prior (Mescheder et al. 2018). A narrow prior needs a small weight. Reported losses include it."""

    @property
    def penalises_gradients(self) -> bool:
        """Whether there is an R1 penalty, whose pass is differentiated twice."""
        return self.r1 > 0

    def logits(self, D: Any, z: Codes, noise: Noise, *beside: Float[Tensor, "n b"]) -> Logits:
        """Log-odds (n,) that codes, maps as rows, come from the prior, given the values `beside` them."""
        rows = z.flatten(1)
        if self.code_noise:
            rows = rows + self.code_noise * noise("codes", rows.shape)
        return D(torch.cat([rows, *beside], 1))

    def discriminator_loss(
        self, batch: Batch, D: Any, z_p: Codes, z: Codes, noise: Noise, *beside: Float[Tensor, "n b"]
    ) -> Scalar:
        """Loss of the discriminator `D`, for which samples `z_p` of the prior are real and codes `z` fake,
        with the R1 penalty."""
        loss = batch.mean(-log_real(self.logits(D, z_p, noise.of("z_p"), *beside)))
        loss = loss + batch.mean(-log_fake(self.logits(D, z, noise.of("z"), *beside)))
        if not self.r1:
            return loss
        penalty = r1_penalty(lambda z: self.logits(D, z, noise.of("r1"), *beside), z_p)
        return loss + self.r1 * batch.mean(penalty)

    def generator_loss(
        self, batch: Batch, D: Any, z: Codes, noise: Noise, *beside: Float[Tensor, "n b"]
    ) -> Scalar:
        """Non-saturating adversarial loss of the encoder, which makes codes `z` look like prior samples."""
        return batch.mean(-log_real(self.logits(D, z, noise.of("fool"), *beside)))
