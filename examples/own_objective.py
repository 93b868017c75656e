"""An objective of one's own: the Wasserstein autoencoder (WAE-MMD, Tolstikhin et al. 2018, algorithm 2)."""

import torch

import likeness
from likeness.objectives import Objective, Phase, autoencoder
from likeness.posteriors import AnyPosterior, Deterministic
from likeness.settings import Positive, settings


def mmd(z: torch.Tensor, z_p: torch.Tensor) -> torch.Tensor:
    """Squared maximum mean discrepancy of two sets (n, d), with the kernel C / (C + |a - b|^2), C = 2 d."""
    C, n = 2 * z.shape[1], len(z)
    zz, pp, zp = (C / (C + torch.cdist(a, b) ** 2) for a, b in ((z, z), (z_p, z_p), (z, z_p)))
    return (zz.sum() + pp.sum() - 2 * n) / (n * (n - 1)) - 2 * zp.mean()


@likeness.register("wae_mmd")
@settings
class WAEMMD(Objective):
    posterior: AnyPosterior = Deterministic()  # type: ignore[misc]
    """How the encoder's outputs become codes: --posterior gaussian."""
    mmd_weight: Positive = 10.0
    """Weight of the discrepancy between codes and prior."""

    moves = property(lambda self: {"autoencoder": ("encoder", "decoder")})

    def players(self, net, shape):
        return autoencoder(net, shape, self.code, self.posterior)

    def step(self, nets, batch, t):
        z = self.posterior(nets["encoder"], batch.x, batch.noise.of("q")).sample(batch.noise.of("z"))
        L_pixels = batch.mean((nets["decoder"](z) - batch.x).square().flatten(1).sum(1))
        L_mmd = batch.once(
            mmd(batch.gather(z), batch.gather(self.prior.sample_like(z, batch.noise.of("z_p"))))
        )
        yield Phase({"autoencoder": L_pixels + self.mmd_weight * L_mmd})
        return {"pixels": L_pixels, "mmd": L_mmd}


likeness.train(WAEMMD(), "runs/wae", data="digits", steps=500, latent=8)
