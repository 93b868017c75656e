"""The variational autoencoder: Kingma and Welling 2014."""

from typing import ClassVar

from torch import nn

from likeness.batch import Batch
from likeness.codes import Flat, FlatOrSpatial
from likeness.likelihoods import Likelihood
from likeness.likelihoods import Normal as NormalPixels
from likeness.losses import mean_squared_error
from likeness.nets import Family, Players
from likeness.objectives._objective import Objective
from likeness.objectives._phase import Moves, Phase, Step
from likeness.objectives._players import autoencoder, find_scale, scale_names, scale_network
from likeness.posteriors import Gaussian
from likeness.priors import DensityPrior, Normal
from likeness.settings import NonNegative, settings
from likeness.shapes import Shape


@settings
class VAE(Objective):
    """Variational autoencoder: minimises L_prior + L_llike (Larsen et al. 2016, equation 5)."""

    posterior: ClassVar[Gaussian] = Gaussian()

    code: FlatOrSpatial = Flat()
    """Layout of the codes."""
    prior: DensityPrior = Normal()
    """Prior of the codes, with a density. L_prior has a closed form for the normal prior only."""
    likelihood: Likelihood = NormalPixels()
    """Likelihood of the pixels of an image given its reconstruction."""
    beta: NonNegative = 1.0
    """Weight of the Kullback-Leibler divergence L_prior; 1 gives the bound on the likelihood."""

    @property
    def moves(self) -> Moves:
        return {"autoencoder": ("encoder", "decoder", *scale_names(self.likelihood))}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        return autoencoder(net, shape, self.code, self.posterior) | scale_network(self.likelihood, shape)

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.condition)
        Enc, Dec, x, sigma = nets["encoder"], nets["decoder"], batch.x, find_scale(self.likelihood, nets)

        q = self.posterior(Enc, x, batch.noise.of("q"))
        z = q.sample(batch.noise.of("z"))
        x_tilde = Dec(z)

        L_prior = batch.mean(q.divergence(self.prior, z))
        L_llike = batch.mean(-self.likelihood.log_prob(x, x_tilde, sigma, batch.weight))

        yield Phase({"autoencoder": self.beta * L_prior + L_llike})
        pixels = batch.mean(mean_squared_error(x, x_tilde, batch.weight))
        return {"prior": L_prior, "llike": L_llike, "pixels": pixels}
