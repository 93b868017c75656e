"""VAE/GAN: Larsen et al. 2016, Algorithm 1."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from torch import nn

from likeness.batch import Batch
from likeness.codes import Flat, FlatOrSpatial
from likeness.losses import log_fake, log_real, mean_squared_error
from likeness.nets import Family, Players
from likeness.objectives._adversary import Adversary
from likeness.objectives._feature_loss import FeatureLoss, discriminate_jointly
from likeness.objectives._objective import Objective
from likeness.objectives._phase import AdaptiveLoss, Moves, Phase, Step
from likeness.objectives._players import autoencoder
from likeness.posteriors import Gaussian
from likeness.priors import ClosedFormPrior, Normal
from likeness.settings import NonNegative, Rare, Steps, settings
from likeness.shapes import Scalar, Shape


@settings
class VAEGAN(Objective):
    """Variational autoencoder with a discriminator, whose features measure the reconstruction error.

    L_gan is the cost of the discriminator here: the discriminator minimises L_gan and the decoder -L_gan,
    as in the algorithm; the term of real images does not depend on the decoder.
    """

    posterior: ClassVar[Gaussian] = Gaussian()

    code: FlatOrSpatial = Flat()
    """Layout of the codes."""
    prior: ClosedFormPrior = Normal()
    """Prior of the codes, with a closed form of L_prior."""
    beta: NonNegative = 1.0
    """Weight of L_prior against the feature error, which is summed over features."""
    features: FeatureLoss = FeatureLoss()
    """The feature error."""
    adversary: Adversary = Adversary()
    """The game between decoder and discriminator."""
    gamma: NonNegative = 1.0
    """Weight of the feature error, as a mean over features, in the decoder's loss. The 1e-5 of the authors
    is for the sum over 16,384 features of variance 1: 0.16 for the mean."""
    real_weight: Annotated[NonNegative, Rare()] = 0.66
    """Weight of real images in the discriminator's cost."""
    reconstructed_weight: Annotated[NonNegative, Rare()] = 0.17
    """Weight of reconstructions in the discriminator's cost and in the decoder's loss."""
    prior_weight: Annotated[NonNegative, Rare()] = 0.17
    """Weight of decoded prior samples in the discriminator's cost and in the decoder's loss."""
    start: Annotated[Steps, Rare()] = 0
    """First step at which the discriminator is trained and the decoder has an adversarial loss."""

    @property
    def moves(self) -> Moves:
        scale = {name: (name,) for name in self.features.players}
        return {name: (name,) for name in ("encoder", "decoder", "discriminator")} | scale

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        networks, Dis = autoencoder(net, shape, self.code, self.posterior), net.discriminator(shape)
        return networks | {"discriminator": Dis} | self.features.networks(Dis, shape)

    def paused_moves(self, costs: Mapping[str, float]) -> set[str]:
        return self.adversary.paused_moves(costs)

    def metric_layers(self, Dis: Any) -> dict[str, float]:
        return self.features.layer_weights(Dis)

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.condition)
        Enc, Dec, Dis, x = nets["encoder"], nets["decoder"], nets["discriminator"], batch.x

        q = self.posterior(Enc, x, batch.noise.of("q"))
        z = q.sample(batch.noise.of("z"))
        x_tilde = batch.fill(Dec(z))
        x_p = batch.fill(Dec(self.prior.sample_like(z, batch.noise.of("z_p"))))
        real, reconstructed = discriminate_jointly(Dis, x, x_tilde)  # in one batch, as the authors do
        l, l_tilde, l_p = real.logits, reconstructed.logits, Dis(x_p).logits

        L_prior = batch.mean(q.kl(self.prior))
        L_llike = batch.mean(self.features.llike(nets, batch, real, reconstructed))
        features = L_llike / self.features.feature_count(Dis, real)
        w, w_tilde, w_p = self.real_weight, self.reconstructed_weight, self.prior_weight
        cost = {"real": batch.mean(-log_real(l)), "prior": batch.mean(-log_fake(l_p))}
        L_gan = w * cost["real"] - w_tilde * batch.mean(log_fake(l_tilde)) + w_p * cost["prior"]
        L_gen = w_tilde * batch.mean(self.adversary.generator_loss(l_tilde))
        L_gen = L_gen + w_p * batch.mean(self.adversary.generator_loss(l_p))

        losses: dict[str, Scalar | AdaptiveLoss] = {"encoder": self.beta * L_prior + L_llike}
        losses |= {"decoder": self.gamma * features} | {name: L_llike for name in self.features.players}
        if t >= self.start:
            losses["decoder"] = self.adversary.decoder_loss(self.gamma * features, L_gen, Dec)
            losses["discriminator"] = L_gan + self.adversary.r1_penalty(batch, Dis)
        yield Phase(losses, cost if t >= self.start else {})
        pixels = batch.mean(mean_squared_error(x, x_tilde, batch.weight))
        report = {"prior": L_prior, "llike": L_llike, "features": features, "pixels": pixels}
        return report | {"gan": L_gan} | {f"cost_{kind}": c for kind, c in cost.items()}
