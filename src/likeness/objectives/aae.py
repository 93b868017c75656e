"""The adversarial autoencoder: Makhzani et al. 2015, section 2."""

import math
from typing import Annotated

from torch import nn

from likeness.batch import Batch
from likeness.codes import Flat, FlatOrSpatial
from likeness.distortion import Distortion
from likeness.likelihoods import Likelihood, Normal
from likeness.losses import mean_squared_error
from likeness.nets import Family, Players
from likeness.objectives._latent_critic import LatentCritic
from likeness.objectives._objective import Objective
from likeness.objectives._phase import Moves, Phase, Step
from likeness.objectives._players import autoencoder, find_scale, scale_names, scale_network
from likeness.posteriors import AnyPosterior, Deterministic
from likeness.settings import Rare, settings
from likeness.shapes import Shape


@settings
class AAE(Objective):
    """Adversarial autoencoder: each step reconstructs, then matches the aggregated posterior to the
    prior."""

    code: FlatOrSpatial = Flat()
    """Layout of the codes."""
    posterior: AnyPosterior = Deterministic()  # type: ignore[misc]
    """Family of the posterior q(z|x); the paper's results have the deterministic one."""
    likelihood: Likelihood = Normal()
    """Likelihood of the pixels of an image given its reconstruction."""
    view: Annotated[Distortion, Rare()] = Distortion()
    """Random distortion of the images that the encoder is trained on."""
    critic: LatentCritic = LatentCritic()
    """The discriminator of codes."""

    @property
    def moves(self) -> Moves:
        coders = ("encoder", "decoder", *scale_names(self.likelihood))
        return {"autoencoder": coders, "critic": ("critic",), "encoder": ("encoder",)}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        self.view.check(shape)
        networks = autoencoder(net, shape, self.code, self.posterior) | scale_network(
            self.likelihood, shape
        )
        return networks | {"critic": net.critic(math.prod(self.code.encoder_output_shape(1, net, shape)))}

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.condition)
        Enc, Dec, D, x, noise = nets["encoder"], nets["decoder"], nets["critic"], batch.x, batch.noise
        sigma = find_scale(self.likelihood, nets)

        # reconstruction
        seen = batch.fill(self.view(x, noise.of("view")))
        z = self.posterior(Enc, seen, noise.of("q")).sample(noise.of("z"))
        x_tilde = Dec(self.code.join_labels(nets, batch.labels, z))  # z itself, unless the code has a label
        L_llike = batch.mean(-self.likelihood.log_prob(x, x_tilde, sigma, batch.weight))
        yield Phase({"autoencoder": L_llike})

        # regularisation: D learns to tell prior samples from codes, then the encoder fools it
        seen = batch.fill(self.view(x, noise.of("second view")))
        z = self.posterior(Enc, seen, noise.of("second q")).sample(noise.of("second z"))
        z_p = self.prior.sample_like(z, noise.of("z_p"))
        L_critic = self.critic.discriminator_loss(batch, D, z_p, z, noise.of("critic"))
        yield Phase({"critic": L_critic})

        L_gen = self.critic.generator_loss(batch, D, z, noise.of("encoder"))
        yield Phase({"encoder": L_gen})
        pixels = batch.mean(mean_squared_error(x, x_tilde, batch.weight))
        return {"llike": L_llike, "pixels": pixels, "critic": L_critic, "generator": L_gen}
