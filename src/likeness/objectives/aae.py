"""The adversarial autoencoder: Makhzani et al. 2015, section 2."""

from likeness.batch import Batch
from likeness.losses import mean_squared_error
from likeness.nets import Players
from likeness.objectives._latent import LatentAdversarial
from likeness.objectives._objective import Phase, Step
from likeness.settings import settings


@settings
class AAE(LatentAdversarial):
    """Each step has two phases: reconstruction, then regularisation of the aggregated posterior."""

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.attributes)
        Enc, Dec, D, x = nets["encoder"], nets["decoder"], nets["critic"], batch.x

        # reconstruction
        x_tilde = Dec(self.posterior(Enc, self.noisy(x)).sample())
        L_llike = self.llike(nets, x, x_tilde).mean()
        yield Phase({"autoencoder": L_llike})

        # regularisation
        z = self.posterior(Enc, self.noisy(x)).sample()
        z_p = self.prior.sample(len(x), self.latent)
        report = yield from self.regularisation(D, z, z_p)

        pixels = mean_squared_error(x, x_tilde).mean()
        return {"llike": L_llike, "pixels": pixels} | report
