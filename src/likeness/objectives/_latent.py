"""What adversarial autoencoders share: a discriminator of codes, and noise on what is given."""

from typing import Annotated, Any, ClassVar

import torch
import torch.nn.functional as F
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from likeness.distortion import distorted
from likeness.errors import UserError
from likeness.losses import log_fake, log_real, roughness
from likeness.nets import Family, Players
from likeness.objectives._objective import Moves, Phase, Step
from likeness.objectives._pixels import PixelCoding
from likeness.posteriors import AnyPosterior, Deterministic
from likeness.settings import Count, NonNegative, settings
from likeness.shapes import UNLABELLED, Codes, Images, ImageShape, Labels, Logits, Scalar

Classes = Annotated[int, Field(ge=2, le=10_000)]


@settings
class LatentAdversarial(PixelCoding):
    """An autoencoder whose codes a discriminator compares with samples of the prior."""

    posterior: AnyPosterior = Deterministic()  # type: ignore[misc]
    """How the encoder's outputs become codes; the paper's results use the deterministic one."""
    input_noise: NonNegative = 0.0
    """Standard deviation of noise on the images that the encoder is trained on, in [-1, 1]."""
    input_turn: NonNegative = 0.0
    """Most degrees by which the images that the encoder is trained on are turned; what it is to
    reconstruct stays as it is."""
    input_zoom: NonNegative = 0.0
    """Most by which they are stretched or shrunk, each side by itself: 0.1 is ten percent."""
    input_shear: NonNegative = 0.0
    """Most columns by which one of their rows is moved against the next."""
    input_shift: NonNegative = 0.0
    """Most pixels by which they are moved."""
    code_noise: NonNegative = 0.0
    """Standard deviation of noise on all that the discriminator of codes is given."""
    r1: NonNegative = 0.0
    """Weight of R1, half the squared gradient of the discriminator of codes at samples of the prior
    (Mescheder et al. 2018); a narrow prior needs little. Reported costs of discriminators include it."""

    @property
    def distortion(self) -> tuple[float, float, float, float]:
        """By how much inputs are distorted."""
        return self.input_turn, self.input_zoom, self.input_shear, self.input_shift

    @property
    def moves(self) -> Moves:
        return dict(super().moves) | {"critic": ("critic",), "encoder": ("encoder",)}

    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        return super().players(net, shape) | {"critic": net.critic(self.latent)}

    def noisy(self, x: Images) -> Images:
        """Images as the encoder is trained on them: distorted, then under noise."""
        seen = distorted(x, *self.distortion) if any(self.distortion) else x
        return seen + self.input_noise * torch.randn_like(x) if self.input_noise else seen

    def judge(self, D: Any, z: Codes, *beside: Float[Tensor, "n b"]) -> Logits:
        """Log-odds of codes coming from the prior, given what stands beside them."""
        noisy = z + self.code_noise * torch.randn_like(z) if self.code_noise else z
        return D(torch.cat([noisy, *beside], 1))

    def critic_cost(self, D: Any, z_p: Codes, z: Codes, *beside: Float[Tensor, "n b"]) -> Scalar:
        """What a discriminator descends: prior samples are real, codes made; and R1."""
        cost = -log_real(self.judge(D, z_p, *beside)).mean() - log_fake(self.judge(D, z, *beside)).mean()
        if not self.r1:
            return cost
        return cost + self.r1 * roughness(lambda at: self.judge(D, at, *beside), z_p).mean()

    def regularisation(self, D: Any, z: Codes, z_p: Codes, *beside: Float[Tensor, "n b"]) -> Step:
        """The second half of a step: D learns prior samples against codes, then the encoder fools it."""
        L_critic = self.critic_cost(D, z_p, z, *beside)
        yield Phase({"critic": L_critic})

        L_fool = cost_of_fooling(self.judge(D, z, *beside))
        yield Phase({"encoder": L_fool})
        return {"critic": L_critic, "fool": L_fool}


@settings
class Labelled(LatentAdversarial):
    """One that is given classes of images."""

    classes: Classes = 10
    """Classes of the images; labels are 0 to this less one."""

    told: ClassVar[bool] = False
    """Whether the decoder is given a class beside the style."""
    asks: ClassVar[bool] = False
    """Whether the class of an image must be known for it to be encoded."""

    def check(self, labels: Labels, batch: int) -> None:
        super().check(labels, batch)
        most = int(labels.max())
        if most == UNLABELLED:
            raise UserError("the data have no labels, which this method learns from; name --label")
        if most >= self.classes:
            raise UserError(f"there is a label {most}, --classes is {self.classes}; make it {most + 1}")
        seen = set(labels.tolist())
        for label in range(self.classes):
            if label not in seen:
                raise UserError(f"class {label} has no labelled image; label one, or lower --classes")

    def whole(self, nets: Players, labels: Labels, styles: Codes) -> Float[Tensor, "n w"]:
        """Whole codes of classes and styles."""
        return styles

    def restyled(self, nets: Players, x: Images, labels: Labels) -> Codes:
        """The code of each image's style in another class, where the decoder is `told` one."""
        raise NotImplementedError


def one_hot(labels: Labels, classes: Count) -> Codes:
    """One-hot codes of labels, of zeros where they are UNLABELLED."""
    known = labels != UNLABELLED
    return F.one_hot(labels.clamp_min(0), classes).float() * known[:, None]


def cost_of_fooling(made: Logits) -> Scalar:
    """What the encoder descends, non-saturating: its codes are taken for samples of the prior."""
    return -log_real(made).mean()
