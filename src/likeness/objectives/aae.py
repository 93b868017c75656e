"""The adversarial autoencoder: Makhzani et al. 2015, section 2."""

from likeness.losses import squared_error
from likeness.nets._family import Networks
from likeness.objectives._latent import LatentAdversarial, cost_of_fooling, cost_of_telling
from likeness.objectives._objective import Step
from likeness.settings import settings
from likeness.shapes import Batch


@settings
class AAE(LatentAdversarial):
    """Each step has two phases: reconstruction, then regularisation of the aggregated posterior."""

    def step(self, nets: Networks, batch: Batch, t: int) -> Step:
        Enc, Dec, D, x = nets["encoder"], nets["decoder"], nets["critic"], batch.x

        # reconstruction
        x_tilde = Dec(self.posterior(Enc, self.noisy(x)).sample())
        L_llike = self.llike(nets, x, x_tilde).mean()
        yield {"autoencoder": L_llike}

        # regularisation: first D learns, then the encoder fools it
        z = self.posterior(Enc, self.noisy(x)).sample()
        z_p = self.prior.sample(len(x), self.latent)
        L_critic = cost_of_telling(self.judge(D, z_p), self.judge(D, z))
        yield {"critic": L_critic}

        L_fool = cost_of_fooling(self.judge(D, z))
        yield {"encoder": L_fool}

        pixels = squared_error(x, x_tilde).mean() / x[0].numel()
        return {"llike": L_llike, "pixels": pixels, "critic": L_critic, "fool": L_fool}
