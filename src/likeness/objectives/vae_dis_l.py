"""VAE_Dis_l: a VAE whose pixel error is replaced by that of a trained, frozen discriminator's features."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from torch import nn

from likeness.batch import Batch
from likeness.codes import Flat, FlatOrSpatial
from likeness.losses import mean_squared_error
from likeness.nets import Family, Players
from likeness.objectives._feature_loss import FeatureLoss, discriminate_jointly
from likeness.objectives._objective import Objective
from likeness.objectives._phase import Moves, Phase, Step
from likeness.objectives._players import autoencoder
from likeness.posteriors import Gaussian
from likeness.priors import ClosedFormPrior, Normal
from likeness.settings import NonNegative, settings
from likeness.shapes import Shape


@settings
class VAEDisL(Objective):
    """Larsen et al. 2016, section 4: the discriminator comes from a GAN and never moves."""

    posterior: ClassVar[Gaussian] = Gaussian()
    pretrained_players: ClassVar[Mapping[str, str]] = MappingProxyType({"discriminator": "gan"})

    code: FlatOrSpatial = Flat()
    """Layout of the codes."""
    prior: ClosedFormPrior = Normal()
    """Prior of the codes; L_prior has a closed form with a Gaussian alone."""
    beta: NonNegative = 1.0
    """Weight of L_prior against the feature error, which is summed over features."""
    features: FeatureLoss = FeatureLoss()
    """The measure of likeness."""

    @property
    def moves(self) -> Moves:
        return {"autoencoder": ("encoder", "decoder", *self.features.players)}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        made, Dis = autoencoder(net, shape, self.code, self.posterior), net.discriminator(shape)
        return made | {"discriminator": Dis} | self.features.networks(Dis, shape)

    def similarity_layers(self, Dis: Any) -> dict[str, float]:
        return self.features.chosen(Dis)

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.condition)
        Enc, Dec, Dis, x = nets["encoder"], nets["decoder"], nets["discriminator"], batch.x

        q = self.posterior(Enc, x, batch.noise.of("q"))
        x_tilde = batch.fill(Dec(q.sample(batch.noise.of("z"))))
        real, made = discriminate_jointly(Dis, x, x_tilde)

        L_prior = batch.mean(q.kl(self.prior))
        L_llike = batch.mean(self.features.llike(nets, batch, real, made))

        yield Phase({"autoencoder": self.beta * L_prior + L_llike})
        pixels = batch.mean(mean_squared_error(x, x_tilde, batch.weight))
        features = L_llike / self.features.size(Dis, real)
        return {"prior": L_prior, "llike": L_llike, "features": features, "pixels": pixels}
