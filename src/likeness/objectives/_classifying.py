"""The game of objectives whose encoder says both a class y and a style z, Makhzani et al. 2015."""

import torch
import torch.nn.functional as F
from pydantic import model_validator
from torch import nn

from likeness.batch import Batch
from likeness.losses import mean_squared_error, mutual_information
from likeness.nets import Family, Players
from likeness.objectives._class_and_style import ClassAndStyle
from likeness.objectives._latent import cost_of_fooling
from likeness.objectives._objective import Moves, Phase, Step
from likeness.priors import Categorical
from likeness.settings import Fraction, NonNegative, settings
from likeness.shapes import UNLABELLED, Codes, Images, ImageShape, Probabilities, Scalar


@settings
class Classifying(ClassAndStyle):
    """Two discriminators compare y with one-hot vectors and z with the prior. Where a batch has labels,
    their cross-entropy is descended as well; where it has none, the classes are clusters.
    """

    class_balance: Fraction = 1.0
    """How evenly the prior draws classes: 1, each as often as the others, as in the paper; 0, as often as
    the encoder says them of the (micro-)batch: the discriminator asks for one class, not for which."""
    agreement: NonNegative = 0.0
    """Weight of a reward that the paper does not have: the mutual information between the class of an image
    as it is, held fixed, and as it is distorted (invariant information clustering, Ji et al. 2019), in nats
    over a (micro-)batch, which should have several images for each class. Inputs must be distorted."""

    @model_validator(mode="after")
    def _seen_otherwise(self) -> "Classifying":
        if self.agreement and not (any(self.distortion) or self.input_noise):
            raise ValueError("agreement needs distorted inputs; add --input_turn 20")
        return self

    @property
    def moves(self) -> Moves:
        return dict(super().moves) | {"class_critic": ("class_critic",), "classifier": ("encoder",)}

    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        return super().players(net, shape) | {"class_critic": net.critic(self.classes)}

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.attributes)
        Enc, Dec, x = nets["encoder"], nets["decoder"], batch.x
        D_y, D_z = nets["class_critic"], nets["critic"]

        # reconstruction
        logits, z = self.said(Enc, x)
        x_tilde = Dec(self.code(nets, logits.softmax(1), z))
        L_llike = self.llike(nets, x, x_tilde).mean()
        yield Phase({"autoencoder": L_llike + self.apart(nets)})

        # regularisation of y and of z: the discriminators learn, then the encoder fools them
        logits, z = self.said(Enc, x)
        y = logits.softmax(1)
        y_p = self.prior_classes(y.detach())
        z_p = self.prior.sample(len(x), self.latent)
        L_y = self.critic_cost(D_y, y_p, y)
        L_z = self.critic_cost(D_z, z_p, z)
        yield Phase({"class_critic": L_y, "critic": L_z})

        L_fool = cost_of_fooling(self.judge(D_y, y)) + cost_of_fooling(self.judge(D_z, z))
        I = self.information(nets, x, y) if self.agreement else torch.zeros(())
        yield Phase({"encoder": L_fool - self.agreement * I})

        # classification, where labels are known
        L_class = self.cross_entropy(nets, batch)
        if L_class is not None:
            yield Phase({"classifier": L_class})

        pixels = mean_squared_error(x, x_tilde).mean()
        report = {"llike": L_llike, "pixels": pixels, "critic": L_z, "class_critic": L_y, "fool": L_fool}
        report |= {"information": I} if self.agreement else {}
        return report | ({} if L_class is None else {"cross_entropy": L_class})

    def prior_classes(self, y: Probabilities) -> Codes:
        """One-hot vectors of the categorical prior, one for each image of a batch whose classes are `y`."""
        if self.class_balance == 1:
            return Categorical().sample(len(y), self.classes)
        often = self.class_balance / self.classes + (1 - self.class_balance) * y.mean(0).nan_to_num(1.0)
        return Categorical().within(often.multinomial(len(y), replacement=True), self.classes)

    def information(self, nets: Players, x: Images, y: Probabilities) -> Scalar:
        """I(y; y'): what the classes of distorted images say of those of the images as they are. The pass
        of the latter counts in running statistics, which are so of images as they are evaluated, too."""
        with torch.no_grad():
            as_it_is = self.class_probabilities(nets, x)
        return mutual_information(as_it_is, y)

    def apart(self, nets: Players) -> Scalar | float:
        """A further cost of the reconstruction phase."""
        return 0.0

    def cross_entropy(self, nets: Players, batch: Batch) -> Scalar | None:
        """-log q(y|x) of the labelled images at hand, or None where there are none."""
        known = batch.labelled or batch
        if (known.labels == UNLABELLED).all():
            return None
        Enc = nets.of(known.attributes)["encoder"]  # labelled images that came beside have their own
        logits, _ = self.said(Enc, known.x)
        return F.cross_entropy(logits, known.labels, ignore_index=UNLABELLED)
