"""VAE_Dis_l: a VAE with the feature error of a pretrained, frozen discriminator instead of a pixel
error."""

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
    """Variational autoencoder with the feature error of a pretrained discriminator of a GAN, which stays
    fixed (Larsen et al. 2016, section 4)."""

    posterior: ClassVar[Gaussian] = Gaussian()
    pretrained_players: ClassVar[Mapping[str, str]] = MappingProxyType({"discriminator": "gan"})

    code: FlatOrSpatial = Flat()
    """Layout of the codes."""
    prior: ClosedFormPrior = Normal()
    """Prior of the codes, with a closed form of L_prior."""
    beta: NonNegative = 1.0
    """Weight of L_prior against the feature error, which is summed over features."""
    features: FeatureLoss = FeatureLoss()
    """The feature error."""

    @property
    def moves(self) -> Moves:
        return {"autoencoder": ("encoder", "decoder", *self.features.players)}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        networks, Dis = autoencoder(net, shape, self.code, self.posterior), net.discriminator(shape)
        return networks | {"discriminator": Dis} | self.features.networks(Dis, shape)

    def metric_layers(self, Dis: Any) -> dict[str, float]:
        return self.features.layer_weights(Dis)

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.condition)
        Enc, Dec, Dis, x = nets["encoder"], nets["decoder"], nets["discriminator"], batch.x

        q = self.posterior(Enc, x, batch.noise.of("q"))
        x_tilde = batch.fill(Dec(q.sample(batch.noise.of("z"))))
        real, reconstructed = discriminate_jointly(Dis, x, x_tilde)

        L_prior = batch.mean(q.kl(self.prior))
        L_llike = batch.mean(self.features.llike(nets, batch, real, reconstructed))

        yield Phase({"autoencoder": self.beta * L_prior + L_llike})
        pixels = batch.mean(mean_squared_error(x, x_tilde, batch.weight))
        features = L_llike / self.features.feature_count(Dis, real)
        return {"prior": L_prior, "llike": L_llike, "features": features, "pixels": pixels}
