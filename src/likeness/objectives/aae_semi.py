"""Semi-supervised adversarial autoencoders: Makhzani et al. 2015, section 5."""

from typing import Any, ClassVar

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
from likeness.objectives._phase import Moves, Phase, Step
from likeness.objectives._players import autoencoder, find_scale, scale_names, scale_network
from likeness.posteriors import AnyPosterior, Deterministic
from likeness.settings import Fraction, NonNegative, settings
from likeness.shapes import UNLABELLED, Codes, Probabilities, Scalar, Shape


@settings
class AAESemi(Objective):
    """q(y, z|x): two discriminators compare y with one-hot vectors and z with the prior; the cross-entropy
    of those images whose class is known is a phase of its own."""

    supervised: ClassVar[bool] = True

    code: ClassAndStyle = ClassAndStyle()
    """Layout of the codes."""
    posterior: AnyPosterior = Deterministic()  # type: ignore[misc]
    """How the encoder's outputs become styles; the paper's results use the deterministic one."""
    likelihood: Likelihood = Normal()
    """How the pixels of an image differ from its reconstruction."""
    view: Distortion = Distortion()
    """How images are changed that the encoder is trained on."""
    critic: LatentCritic = LatentCritic()
    """The discriminators of classes and of styles."""
    class_balance: Fraction = 1.0
    """How evenly the prior draws classes: 1, each as often as the others, as in the paper; 0, as often as
    the encoder says them of the (micro-)batch: the discriminator asks for one class, not for which."""
    mutual_information: NonNegative = 0.0
    """Weight of a reward that the paper does not have: the mutual information between the class of an image
    as it is, held fixed, and as it is distorted (invariant information clustering, Ji et al. 2019), in nats
    over a (micro-)batch, which should have several images for each class. Inputs must be distorted."""

    @model_validator(mode="after")
    def _seen_otherwise(self) -> "AAESemi":
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
        made = autoencoder(net, shape, self.code, self.posterior) | scale_network(self.likelihood, shape)
        return made | {
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

        # regularisation of y and of z: the discriminators learn, then the encoder fools them
        logits, z = self.class_and_style(Enc, batch, noise.of("regularisation"))
        y = logits.softmax(1)
        y_p = self.prior_classes(batch, y, noise.of("y_p"))
        z_p = self.prior.sample_like(z, noise.of("z_p"))
        L_y = self.critic.cost(batch, D_y, y_p, y, noise.of("class critic"))
        L_z = self.critic.cost(batch, D_z, z_p, z, noise.of("critic"))
        yield Phase({"class_critic": L_y, "critic": L_z})

        L_gen = self.critic.generator_loss(batch, D_y, y, noise.of("classes"))
        L_gen = L_gen + self.critic.generator_loss(batch, D_z, z, noise.of("styles"))
        I = (
            {"mutual_information": batch.once(self.class_information(nets, batch, y))}
            if self.mutual_information
            else {}
        )
        yield Phase({"encoder": L_gen - self.mutual_information * sum(I.values())})
        pixels = batch.mean(mean_squared_error(x, x_tilde, batch.weight))
        report = {"llike": L_llike, "pixels": pixels, "critic": L_z, "class_critic": L_y}
        report |= {"generator": L_gen} | I
        if not self.supervised:
            return report

        # classification of images whose class is known
        shown = batch.labelled or batch  # those that came beside have their own attributes
        Enc, known = nets.of(shown.condition)["encoder"], shown.labels != UNLABELLED
        logits, _ = self.class_and_style(Enc, shown, shown.noise.of("classification"))
        errors = F.cross_entropy(logits, shown.labels.clamp_min(0), reduction="none")
        L_class = shown.mean(errors, where=known)
        yield Phase({"classifier": L_class}, sample_counts={"classifier": known.sum().to(L_class)})
        return report | {"cross_entropy": L_class}

    def class_and_style(self, Enc: Any, batch: Batch, noise: Noise) -> tuple[Float[Tensor, "n k"], Codes]:
        """Logits of the classes, and a style, from one pass of the encoder."""
        seen = batch.fill(self.view(batch.x, noise.of("view")))
        logits, style = self.code.split(Enc(self.posterior.encoder_input(seen, noise.of("q"))))
        return logits, self.posterior.from_outputs(style).sample(noise.of("z"))

    def prior_classes(self, batch: Batch, y: Probabilities, noise: Noise) -> Codes:
        """One-hot vectors of the categorical prior, one for each image of a batch whose classes are `y`."""
        n, k = y.shape
        if self.class_balance == 1:
            return one_hot(noise.integers("class", k, n), k)
        said = stop_gradient(batch.sum(y.sum(0)) / batch.size).nan_to_num(1.0)
        often = self.class_balance / k + (1 - self.class_balance) * said
        drawn = noise.uniform("class", (n, 1)).to(often) * often.sum()
        return one_hot((often.cumsum(0) <= drawn).sum(1).clamp_max(k - 1), k)

    def class_information(self, nets: Players, batch: Batch, y: Probabilities) -> Scalar:
        """I(y; y'): what the classes of distorted images say of those of the images as they are. The pass
        of the latter counts in running statistics, which are so of images as they are evaluated, too."""
        as_it_is = stop_gradient(self.code.class_probabilities(nets, self.posterior, batch.x))
        return mutual_information(batch.sum(co_occurrence(as_it_is, y)) / batch.size)
