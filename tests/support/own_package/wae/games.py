"""The Wasserstein autoencoder with maximum mean discrepancy: Tolstikhin et al. 2018, algorithm 2."""

from typing import ClassVar

import torch
from torch import Tensor, nn

from likeness.batch import Batch
from likeness.likelihoods import Likelihood, Normal
from likeness.nets import Family, Players
from likeness.objectives import (
    Moves,
    Objective,
    Phase,
    Step,
    autoencoder,
    find_scale,
    scale_names,
    scale_network,
)
from likeness.posteriors import AnyPosterior, Deterministic
from likeness.settings import NonNegative, settings
from likeness.shapes import Shape


@settings
class WAEMMD(Objective):
    """Codes are drawn to the prior by a kernel, in place of a critic."""

    name: ClassVar[str] = "wae_mmd"

    posterior: AnyPosterior = Deterministic()  # type: ignore[misc]
    """How the encoder's outputs become codes."""
    likelihood: Likelihood = Normal()
    """How the pixels of an image differ from its reconstruction."""
    mmd_weight: NonNegative = 10.0
    """Weight of the discrepancy between codes and prior."""

    @property
    def moves(self) -> Moves:
        return {"autoencoder": ("encoder", "decoder", *scale_names(self.likelihood))}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        return autoencoder(net, shape, self.code, self.posterior) | scale_network(self.likelihood, shape)

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.condition)
        Enc, Dec, x, noise = nets["encoder"], nets["decoder"], batch.x, batch.noise
        sigma = find_scale(self.likelihood, nets)

        z = self.posterior(Enc, x, noise.of("q")).sample(noise.of("z"))
        z_p = self.prior.sample_like(z, noise.of("z_p"))
        L_llike = batch.mean(-self.likelihood.log_prob(x, Dec(z), sigma, batch.weight))
        L_mmd = batch.once(discrepancy(batch.gather(z), batch.gather(z_p)))

        yield Phase({"autoencoder": L_llike + self.mmd_weight * L_mmd})
        return {"llike": L_llike, "mmd": L_mmd}


def discrepancy(z: Tensor, z_p: Tensor) -> Tensor:
    """Unbiased squared discrepancy of two sets (n, d), with the kernel C / (C + |a - b|^2), C = 2 d."""
    n, C = len(z), 2 * z.shape[1]
    k_zz, k_pp, k_zp = (C / (C + torch.cdist(a, b).square()) for a, b in ((z, z), (z_p, z_p), (z, z_p)))
    within = (k_zz.sum() - k_zz.trace() + k_pp.sum() - k_pp.trace()) / (n * (n - 1))
    return within - 2 * k_zp.mean()
