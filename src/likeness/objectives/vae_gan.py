"""VAE/GAN: Larsen et al. 2016, Algorithm 1."""

from likeness.batch import Batch
from likeness.losses import log_fake, log_real, mean_squared_error
from likeness.nets import Players
from likeness.objectives._adversarial import Adversarial
from likeness.objectives._features import FeatureCoding, judge_together
from likeness.objectives._objective import Moves, Phase, Step
from likeness.settings import NonNegative, Steps, settings


@settings
class VAEGAN(Adversarial, FeatureCoding):
    """An autoencoder whose decoder fools a discriminator, and is judged in its features.

    L_gan is here the discriminator's cost, so the discriminator descends L_gan and the decoder
    -L_gan, as in the algorithm's box; the real term of it does not depend on the decoder.
    """

    gamma: NonNegative = 1.0
    """Weight of the feature error, on the mean over features, in the decoder's update. The authors'
    1e-5 is on the sum over 16,384 features of variance 1: 0.16 on the mean."""
    real_weight: NonNegative = 0.66
    """Weight of real images in the discriminator's cost."""
    reconstructed_weight: NonNegative = 0.17
    """Weight of reconstructions in it, and in the decoder's loss."""
    prior_weight: NonNegative = 0.17
    """Weight of decoded prior samples in it, and in the decoder's loss."""
    start: Steps = 0
    """First step at which the discriminator learns and the decoder tries to fool it."""

    @property
    def moves(self) -> Moves:
        scale = {"scale": ("scale",)} if self.feature_likelihood.learned else {}
        return {name: (name,) for name in ("encoder", "decoder", "discriminator")} | scale

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.attributes)
        Enc, Dec, Dis, x = nets["encoder"], nets["decoder"], nets["discriminator"], batch.x

        q = self.posterior(Enc, x)
        x_tilde = Dec(q.sample())
        x_p = Dec(self.prior.sample(len(x), self.latent))
        real, made = judge_together(Dis, x, x_tilde)  # one batch, as the authors do
        l, l_tilde, l_p = real.logits, made.logits, Dis(x_p).logits

        L_prior = q.kl(self.prior).mean()
        L_llike = self.llike(nets, real, made).mean()
        features = L_llike / self.size(Dis, real)
        w, w_tilde, w_p = self.real_weight, self.reconstructed_weight, self.prior_weight
        cost = {"real": -log_real(l).mean(), "prior": -log_fake(l_p).mean()}
        L_gan = w * cost["real"] - w_tilde * log_fake(l_tilde).mean() + w_p * cost["prior"]
        L_fool = w_tilde * self.fool(l_tilde).mean() + w_p * self.fool(l_p).mean()

        losses = {"encoder": self.beta * L_prior + L_llike, "decoder": self.gamma * features}
        if self.feature_likelihood.learned:
            losses["scale"] = L_llike
        if t >= self.start:
            losses["decoder"] = losses["decoder"] + L_fool
            losses["discriminator"] = L_gan + self.roughness(Dis, x)
        yield Phase(losses, cost if t >= self.start else {})
        pixels = mean_squared_error(x, x_tilde).mean()
        report = {"prior": L_prior, "llike": L_llike, "features": features, "pixels": pixels}
        return report | {"gan": L_gan} | {f"cost_{kind}": c for kind, c in cost.items()}
