"""VAE_Dis_l: a VAE whose pixel error is replaced by that of a trained, frozen discriminator's features."""

from typing import ClassVar

from likeness.batch import Batch
from likeness.losses import mean_squared_error
from likeness.nets import Players
from likeness.objectives._features import FeatureCoding, judge_together
from likeness.objectives._objective import Moves, Phase, Step
from likeness.settings import settings


@settings
class VAEDisL(FeatureCoding):
    """Larsen et al. 2016, section 4: the discriminator comes from a GAN and never moves."""

    borrows: ClassVar[tuple[str, ...]] = ("discriminator",)

    @property
    def moves(self) -> Moves:
        scale = ("scale",) if self.feature_likelihood.learned else ()
        return {"autoencoder": ("encoder", "decoder", *scale)}

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.attributes)
        Enc, Dec, Dis, x = nets["encoder"], nets["decoder"], nets["discriminator"], batch.x

        q = self.posterior(Enc, x)
        x_tilde = Dec(q.sample())
        real, made = judge_together(Dis, x, x_tilde)

        L_prior = q.kl(self.prior).mean()
        L_llike = self.llike(nets, real, made).mean()

        yield Phase({"autoencoder": self.beta * L_prior + L_llike})
        pixels = mean_squared_error(x, x_tilde).mean()
        features = L_llike / self.size(Dis, real)
        return {"prior": L_prior, "llike": L_llike, "features": features, "pixels": pixels}
