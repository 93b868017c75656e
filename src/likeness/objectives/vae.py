"""The variational autoencoder: Kingma and Welling 2014."""

from typing import ClassVar

from likeness.batch import Batch
from likeness.losses import mean_squared_error
from likeness.nets import Players
from likeness.objectives._objective import Phase, Step
from likeness.objectives._pixels import PixelCoding
from likeness.posteriors import Gaussian
from likeness.priors import DensityPrior, Normal
from likeness.settings import NonNegative, settings


@settings
class VAE(PixelCoding):
    """Encoder and decoder descend L_prior + L_llike (Larsen et al. 2016, equation 5)."""

    posterior: ClassVar[Gaussian] = Gaussian()

    prior: DensityPrior = Normal()
    """Prior of the codes, with a density; L_prior has a closed form with a Gaussian alone."""
    beta: NonNegative = 1.0
    """Weight of the Kullback-Leibler divergence L_prior; 1 is the bound on the likelihood."""

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.attributes)
        Enc, Dec, x = nets["encoder"], nets["decoder"], batch.x

        q = self.posterior(Enc, x)
        z = q.sample()
        x_tilde = Dec(z)

        L_prior = q.divergence(self.prior, z).mean()
        L_llike = self.llike(nets, x, x_tilde).mean()

        yield Phase({"autoencoder": self.beta * L_prior + L_llike})
        pixels = mean_squared_error(x, x_tilde).mean()
        return {"prior": L_prior, "llike": L_llike, "pixels": pixels}
