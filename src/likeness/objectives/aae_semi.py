"""Semi-supervised adversarial autoencoders: Makhzani et al. 2015, section 5."""

from typing import Annotated, Any, ClassVar

import torch.nn.functional as F
from jaxtyping import Float
from pydantic import model_validator
from torch import Tensor, nn

from likeness.batch import Batch
from likeness.codes import ClassAndStyle, one_hot
from likeness.distortion import Distortion
from likeness.likelihoods import Likelihood, Normal
from likeness.losses import co_occurrence, mean_squared_error, mutual_information, stop_gradient
from likeness.nets import Family, Players
from likeness.noise import Noise
from likeness.objectives._latent_critic import LatentCritic
from likeness.objectives._objective import Objective
from likeness.objectives._phase import Losses, Moves, Phase, Step
from likeness.objectives._players import autoencoder, find_scale, scale_names, scale_network
from likeness.posteriors import AnyPosterior, Deterministic
from likeness.settings import Fraction, NonNegative, Rare, settings
from likeness.shapes import UNLABELLED, Codes, Probabilities, Scalar, Shape


@settings
class AAESemi(Objective):
    """Semi-supervised adversarial autoencoder, q(y, z|x): two discriminators compare y with one-hot vectors
    and z with the prior; a third phase minimises the cross-entropy of labelled images."""

    supervised: ClassVar[bool] = True

    code: ClassAndStyle = ClassAndStyle()
    """Layout of the codes."""
    posterior: AnyPosterior = Deterministic()  # type: ignore[misc]
    """Family of the posterior q(z|x) of styles; the paper's results have the deterministic one."""
    likelihood: Likelihood = Normal()
    """Likelihood of the pixels of an image given its reconstruction."""
    view: Annotated[Distortion, Rare()] = Distortion()
    """Random distortion of the images that the encoder is trained on."""
    critic: LatentCritic = LatentCritic()
    """The discriminators of classes and of styles."""
    class_balance: Fraction = 1.0
    """Balance of the prior of classes: 1 is uniform, as in the paper; 0 has the class frequencies that the
    encoder predicts for the (micro-)batch, so that the discriminator rewards one-hot vectors only."""
    mutual_information: NonNegative = 0.0
    """Weight of the mutual information, in nats over a (micro-)batch, between the predicted classes of
    images and of their distorted versions (invariant information clustering, Ji et al. 2019; not in the
    paper). It needs a `view` and several images of each class in a batch."""

    @model_validator(mode="after")
    def _check_view(self) -> "AAESemi":
        """Raises ValueError for mutual information without distorted inputs."""
        if self.mutual_information and not (self.view.moves or self.view.noise):
            raise ValueError("mutual_information needs distorted inputs; add --view.rotation 20")
        return self

    @property
    def moves(self) -> Moves:
        coders = ("encoder", "decoder", *scale_names(self.likelihood), *self.code.own_players)
        critics = {"class_critic": ("class_critic",), "critic": ("critic",)}
        classifier = {"classifier": ("encoder",)} if self.supervised else {}
        return {"autoencoder": coders, **critics, "encoder": ("encoder",), **classifier}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        self.view.check(shape)
        networks = autoencoder(net, shape, self.code, self.posterior) | scale_network(
            self.likelihood, shape
        )
        return networks | {
            "critic": net.critic(self.code.latent),
            "class_critic": net.critic(self.code.classes),
        }

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.condition)
        Enc, Dec, x, noise = nets["encoder"], nets["decoder"], batch.x, batch.noise
        D_y, D_z, sigma = nets["class_critic"], nets["critic"], find_scale(self.likelihood, nets)

        # reconstruction
        logits, z = self.class_and_style(Enc, batch, noise.of("reconstruction"))
        x_tilde = Dec(self.code.join(nets, logits.softmax(1), z))
        L_llike = batch.mean(-self.likelihood.log_prob(x, x_tilde, sigma, batch.weight))
        yield Phase({"autoencoder": L_llike + batch.once(self.code.head_repulsion(nets))})

        # regularisation of y and z: the discriminators learn, then the encoder fools them
        logits, z = self.class_and_style(Enc, batch, noise.of("regularisation"))
        y = logits.softmax(1)
        y_p = self.prior_classes(batch, y, noise.of("y_p"))
        z_p = self.prior.sample_like(z, noise.of("z_p"))
        L_y = self.critic.discriminator_loss(batch, D_y, y_p, y, noise.of("class critic"))
        L_z = self.critic.discriminator_loss(batch, D_z, z_p, z, noise.of("critic"))
        yield Phase({"class_critic": L_y, "critic": L_z})

        L_gen = self.critic.generator_loss(batch, D_y, y, noise.of("classes"))
        L_gen = L_gen + self.critic.generator_loss(batch, D_z, z, noise.of("styles"))
        I: Losses = {}
        if self.mutual_information:
            I = {"mutual_information": batch.once(self.class_information(nets, batch, y))}
        yield Phase({"encoder": L_gen - self.mutual_information * sum(I.values())})
        pixels = batch.mean(mean_squared_error(x, x_tilde, batch.weight))
        report = {"llike": L_llike, "pixels": pixels, "critic": L_z, "class_critic": L_y}
        report |= {"generator": L_gen} | I
        if not self.supervised:
            return report

        # classification of labelled images
        batch = batch.labelled or batch  # extra labelled images have conditions of their own
        Enc, labelled = nets.of(batch.condition)["encoder"], batch.labels != UNLABELLED
        logits, _ = self.class_and_style(Enc, batch, batch.noise.of("classification"))
        errors = F.cross_entropy(logits, batch.labels.clamp_min(0), reduction="none")
        L_class = batch.mean(errors, where=labelled)
        yield Phase({"classifier": L_class}, sample_counts={"classifier": labelled.sum().to(L_class)})
        return report | {"cross_entropy": L_class}

    def class_and_style(self, Enc: Any, batch: Batch, noise: Noise) -> tuple[Float[Tensor, "n k"], Codes]:
        """Logits of the classes (n, k) and a style (n, d) from one pass of the encoder."""
        seen = batch.fill(self.view(batch.x, noise.of("view")))
        logits, style = self.code.split(Enc(self.posterior.encoder_input(seen, noise.of("q"))))
        return logits, self.posterior.from_outputs(style).sample(noise.of("z"))

    def prior_classes(self, batch: Batch, y: Probabilities, noise: Noise) -> Codes:
        """One-hot vectors (n, k) from the prior of classes, for a batch with predicted classes `y`."""
        n, k = y.shape
        if self.class_balance == 1:
            return one_hot(noise.integers("class", k, n), k)
        predicted = stop_gradient(batch.sum(y.sum(0)) / batch.size).nan_to_num(1.0)
        p = self.class_balance / k + (1 - self.class_balance) * predicted
        u = noise.uniform("class", (n, 1)).to(p) * p.sum()
        return one_hot((p.cumsum(0) <= u).sum(1).clamp_max(k - 1), k)

    def class_information(self, nets: Players, batch: Batch, y: Probabilities) -> Scalar:
        """I(y; y'): mutual information of the classes `y` of distorted images and those of the images. The
        second pass also updates running statistics, which thus fit images at evaluation."""
        y_x = stop_gradient(self.code.class_probabilities(nets, self.posterior, batch.x))
        return mutual_information(batch.sum(co_occurrence(y_x, y)) / batch.size)
