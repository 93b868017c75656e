"""A discriminator of codes against an encoder: what adversarial autoencoders share."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batch import Batch
from likeness.losses import log_fake, log_real, r1_penalty
from likeness.noise import Noise
from likeness.settings import NonNegative, settings
from likeness.shapes import Codes, Logits, Scalar


@settings
class LatentCritic:
    """How codes are compared with samples of the prior."""

    code_noise: NonNegative = 0.0
    """Standard deviation of noise on all that the discriminator of codes is given."""
    r1: NonNegative = 0.0
    """Weight of R1, half the squared gradient of the discriminator of codes at samples of the prior
    (Mescheder et al. 2018); a narrow prior needs little. Reported costs of discriminators include it."""

    @property
    def penalises_gradients(self) -> bool:
        """Whether R1 counts, whose pass is differentiated twice."""
        return self.r1 > 0

    def judge(self, D: Any, z: Codes, noise: Noise, *beside: Float[Tensor, "n b"]) -> Logits:
        """Log-odds of codes, maps as rows, coming from the prior, given what stands beside them."""
        rows = z.flatten(1)
        noisy = rows + self.code_noise * noise("codes", rows.shape) if self.code_noise else rows
        return D(torch.cat([noisy, *beside], 1))

    def cost(
        self, batch: Batch, D: Any, z_p: Codes, z: Codes, noise: Noise, *beside: Float[Tensor, "n b"]
    ) -> Scalar:
        """What a discriminator descends: prior samples are real, codes made; and R1."""
        real = batch.mean(-log_real(self.judge(D, z_p, noise.of("z_p"), *beside)))
        cost = real + batch.mean(-log_fake(self.judge(D, z, noise.of("z"), *beside)))
        if not self.r1:
            return cost
        penalty = r1_penalty(lambda at: self.judge(D, at, noise.of("r1"), *beside), z_p)
        return cost + self.r1 * batch.mean(penalty)

    def generator_loss(
        self, batch: Batch, D: Any, z: Codes, noise: Noise, *beside: Float[Tensor, "n b"]
    ) -> Scalar:
        """What the encoder descends, non-saturating: its codes are taken for samples of the prior."""
        return batch.mean(-log_real(self.judge(D, z, noise.of("fool"), *beside)))
