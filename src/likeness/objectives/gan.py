"""The generative adversarial network (Goodfellow et al. 2014), as a control; the decoder is the
generator."""

from collections.abc import Mapping

from torch import nn

from likeness.batch import Batch
from likeness.codes import Flat
from likeness.losses import log_fake, log_real
from likeness.nets import Family, Players
from likeness.objectives._adversary import Adversary
from likeness.objectives._objective import Objective
from likeness.objectives._phase import Moves, Phase, Step
from likeness.objectives._players import decoder
from likeness.settings import settings
from likeness.shapes import Shape


@settings
class GAN(Objective):
    """Generative adversarial network with the networks of VAE/GAN: a decoder against a discriminator."""

    code: Flat = Flat()
    """Layout of the codes."""
    adversary: Adversary = Adversary()
    """The game between decoder and discriminator."""

    @property
    def moves(self) -> Moves:
        return {"decoder": ("decoder",), "discriminator": ("discriminator",)}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        return {"decoder": decoder(net, shape, self.code), "discriminator": net.discriminator(shape)}

    def paused_moves(self, costs: Mapping[str, float]) -> set[str]:
        return self.adversary.paused_moves(costs)

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.condition)
        Dec, Dis, x = nets["decoder"], nets["discriminator"], batch.x

        z_p = self.prior.sample(x.shape[0], self.code.latent, batch.noise.of("z_p"))
        x_p = batch.fill(Dec(z_p))
        l, l_p = Dis(x).logits, Dis(x_p).logits  # separate batches, with statistics of their own

        cost = {"real": batch.mean(-log_real(l)), "prior": batch.mean(-log_fake(l_p))}
        losses = {
            "decoder": batch.mean(self.adversary.generator_loss(l_p)),
            "discriminator": cost["real"] + cost["prior"] + self.adversary.r1_penalty(batch, Dis),
        }
        yield Phase(losses, cost)
        return {f"cost_{kind}": c for kind, c in cost.items()}
