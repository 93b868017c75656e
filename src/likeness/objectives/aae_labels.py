"""Label information in the regularisation: Makhzani et al. 2015, section 2.3."""

from typing import Annotated

import torch
from torch import nn

from likeness.batch import Batch
from likeness.codes import Classes, Flat, check_labels, one_hot
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
from likeness.shapes import UNLABELLED, Labels, Shape


@settings
class AAELabels(Objective):
    """Adversarial autoencoder whose discriminator sees the label: each class gets a region of the prior.

    Unlabelled images have a class of their own, for which samples come from the whole prior.
    """

    code: Flat = Flat()
    """Layout of the codes."""
    classes: Classes = 10
    """Number of classes; labels are 0 to `classes` - 1."""
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
        return networks | {"critic": net.critic(self.code.latent + self.classes + 1)}

    def check(self, labels: Labels, batch: int) -> None:
        super().check(labels, batch)
        check_labels(labels, self.classes)

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.condition)
        Enc, Dec, D, x, noise = nets["encoder"], nets["decoder"], nets["critic"], batch.x, batch.noise
        sigma = find_scale(self.likelihood, nets)
        y = one_hot(torch.where(batch.labels == UNLABELLED, self.classes, batch.labels), self.classes + 1)

        # reconstruction
        seen = batch.fill(self.view(x, noise.of("view")))
        z = self.posterior(Enc, seen, noise.of("q")).sample(noise.of("z"))
        x_tilde = Dec(z)
        L_llike = batch.mean(-self.likelihood.log_prob(x, x_tilde, sigma, batch.weight))
        yield Phase({"autoencoder": L_llike})

        # regularisation: D learns to tell prior samples from codes, then the encoder fools it
        seen = batch.fill(self.view(x, noise.of("second view")))
        z = self.posterior(Enc, seen, noise.of("second q")).sample(noise.of("second z"))
        z_p = self.prior.sample_for_labels(batch.labels, self.code.latent, noise.of("z_p"))
        L_critic = self.critic.discriminator_loss(batch, D, z_p, z, noise.of("critic"), y)
        yield Phase({"critic": L_critic})

        L_gen = self.critic.generator_loss(batch, D, z, noise.of("encoder"), y)
        yield Phase({"encoder": L_gen})
        pixels = batch.mean(mean_squared_error(x, x_tilde, batch.weight))
        return {"llike": L_llike, "pixels": pixels, "critic": L_critic, "generator": L_gen}
