"""The plain autoencoder, as a control: nothing shapes the distribution of its codes."""

from typing import ClassVar

from torch import nn

from likeness.batch import Batch
from likeness.codes import Flat, FlatOrSpatial
from likeness.likelihoods import Likelihood, Normal
from likeness.losses import mean_squared_error
from likeness.nets import Family, Players
from likeness.objectives._objective import Objective
from likeness.objectives._phase import Moves, Phase, Step
from likeness.objectives._players import autoencoder, find_scale, scale_names, scale_network
from likeness.posteriors import Deterministic
from likeness.settings import settings
from likeness.shapes import Shape


@settings
class AE(Objective):
    """Autoencoder trained by the reconstruction error only; samples decode codes it was not trained on."""

    posterior: ClassVar[Deterministic] = Deterministic()

    code: FlatOrSpatial = Flat()
    """Layout of the codes."""
    likelihood: Likelihood = Normal()
    """Likelihood of the pixels of an image given its reconstruction."""

    @property
    def moves(self) -> Moves:
        return {"autoencoder": ("encoder", "decoder", *scale_names(self.likelihood))}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        return autoencoder(net, shape, self.code, self.posterior) | scale_network(self.likelihood, shape)

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.condition)
        Enc, Dec, x, sigma = nets["encoder"], nets["decoder"], batch.x, find_scale(self.likelihood, nets)

        z = self.posterior(Enc, x, batch.noise.of("q")).mean
        x_tilde = Dec(z)
        L_llike = batch.mean(-self.likelihood.log_prob(x, x_tilde, sigma, batch.weight))

        yield Phase({"autoencoder": L_llike})
        pixels = batch.mean(mean_squared_error(x, x_tilde, batch.weight))
        return {"llike": L_llike, "pixels": pixels}
