"""The generative adversarial network (Goodfellow et al. 2014), a control; the generator is the decoder."""

from torch import nn

from likeness.batch import Batch
from likeness.losses import log_fake, log_real
from likeness.nets import Family, Players
from likeness.objectives._adversarial import Adversarial
from likeness.objectives._objective import Moves, Phase, Step
from likeness.settings import settings
from likeness.shapes import ImageShape


@settings
class GAN(Adversarial):
    """The decoder's images of prior samples against a discriminator, with VAE/GAN's networks."""

    @property
    def moves(self) -> Moves:
        return {"decoder": ("decoder",), "discriminator": ("discriminator",)}

    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        return {
            "decoder": net.decoder(self.latent, shape),
            "discriminator": net.discriminator(shape),
        }

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.attributes)
        Dec, Dis, x = nets["decoder"], nets["discriminator"], batch.x

        x_p = Dec(self.prior.sample(len(x), self.latent))
        l, l_p = Dis(x).logits, Dis(x_p).logits  # real and made apart: statistics of each its own

        cost = {"real": -log_real(l).mean(), "prior": -log_fake(l_p).mean()}
        losses = {
            "decoder": self.fool(l_p).mean(),
            "discriminator": cost["real"] + cost["prior"] + self.roughness(Dis, x),
        }
        yield Phase(losses, cost)
        return {f"cost_{kind}": c for kind, c in cost.items()}
