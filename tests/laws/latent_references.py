"""Gradients of adversarial autoencoders written down by hand, as those of the others in references.py."""

import math
from typing import Any

import torch
from torch import Tensor, nn

from laws.references import Descends, Phase, bce, gaussian, pixel_cost, sampled
from likeness.batch import Batch
from likeness.nets import Networks
from support.global_noise import Global


def given(o: Any, x: Tensor) -> Tensor:
    """Images as the encoder is given them: distorted, with noise on them, and beside them."""
    strengths = (o.view.rotation, o.view.zoom, o.view.shear, o.view.shift)
    x = o.view.move(x, Global()) if max(strengths) else x
    noisy = x + o.view.noise * torch.randn_like(x) if o.view.noise else x
    if o.posterior.name != "universal":
        return noisy
    return torch.cat([noisy, torch.randn(len(x), o.posterior.eta, *x.shape[2:])], 1)


def still(o: Any, x: Tensor) -> Tensor:
    """Images as the encoder is given them without any noise."""
    if o.posterior.name != "universal":
        return x
    return torch.cat([x, torch.zeros(len(x), o.posterior.eta, *x.shape[2:])], 1)


def style(o: Any, out: Tensor) -> Tensor:
    """A code drawn from what the encoder says."""
    if o.posterior.name == "fixed_variance":
        return out + o.posterior.std * torch.randn_like(out)
    return gaussian(out)[0] if o.posterior.name == "gaussian" else out


def blurred(o: Any, z: Tensor) -> Tensor:
    """Codes as a discriminator is given them."""
    if not o.critic.code_noise:
        return z
    return z + o.critic.code_noise * torch.randn(z.shape)  # as rows, however a map lies in memory


def told_apart(o: Any, D: nn.Module, z_p: Tensor, z: Tensor, seen: Tensor | None = None) -> Tensor:
    """What a discriminator of codes descends: cross-entropy, and R1 at prior samples."""
    cost = bce(D(beside(blurred(o, z_p), seen)), True) + bce(D(beside(blurred(o, z), seen)), False)
    if not o.critic.r1:
        return cost
    z_p = z_p.clone().requires_grad_()
    logits = D(beside(blurred(o, z_p), seen))
    (slope,) = torch.autograd.grad(logits.sum(), z_p, create_graph=True)
    return cost + o.critic.r1 * 0.5 * slope.square().sum() / len(z_p)


def beside(z: Tensor, more: Tensor | None) -> Tensor:
    """Codes, maps as rows, with what stands beside them."""
    z = z.flatten(1)
    return z if more is None else torch.cat([z, more], 1)


def information(a: Tensor, b: Tensor) -> Tensor:
    """I of two classes of the same images: the entropies of each, less that of both."""
    both = sum((torch.outer(p, q) + torch.outer(q, p) for p, q in zip(a, b)), torch.zeros(()))
    joint = both / (2 * len(a))
    return entropy(joint.sum(0)) + entropy(joint.sum(1)) - entropy(joint)


def entropy(p: Tensor) -> Tensor:
    """In nats."""
    return -(p * p.log()).sum()


def autoencoder(o: Any) -> tuple[str, ...]:
    """The players that the reconstruction error moves."""
    return ("encoder", "decoder") + (("scale",) if o.likelihood.name == "learned_normal" else ())


def aae(o: Any, nets: Networks, batch: Batch, t: int) -> list[Phase]:
    """Reconstruction; D tells prior samples from codes; the encoder has its codes taken for the prior's."""
    return adversarial(o, nets, batch.x, lambda: sampled(o, batch.x))


def adversarial(
    o: Any,
    nets: Networks,
    x: Tensor,
    prior: Descends,
    seen: Tensor | None = None,
    told: Tensor | None = None,
) -> list[Phase]:
    """The three phases; something may be seen beside codes by D, or told beside them to the decoder."""
    Enc, Dec, D = nets["encoder"], nets["decoder"], nets["critic"]

    def reconstruction() -> Tensor:
        z = style(o, Enc(given(o, x)))
        return pixel_cost(o.likelihood, nets, x, Dec(z if told is None else beside(z, told)))

    def regularisation() -> tuple[Tensor, Tensor]:
        z = style(o, Enc(given(o, x)))
        cost = told_apart(o, D, prior(), z, seen)
        return cost, bce(D(beside(blurred(o, z), seen)), True)

    return [
        Phase({"autoencoder": (autoencoder(o), reconstruction)}),
        Phase({"critic": (("critic",), lambda: regularisation()[0])}, drawn_in=1),
        Phase({"encoder": (("encoder",), lambda: regularisation()[1])}, drawn_in=1),
    ]


def aae_labels(o: Any, nets: Networks, batch: Batch, t: int) -> list[Phase]:
    """D sees the label as well; the class after the last is that of the unlabelled."""
    seen = torch.zeros(len(batch.x), o.classes + 1)
    for row, label in enumerate(batch.labels.tolist()):
        seen[row, label if label >= 0 else o.classes] = 1

    def prior() -> Tensor:
        if o.prior.name == "normal":
            return sampled(o, batch.x)
        anywhere = torch.randint(o.prior.petals, batch.labels.shape)
        whole = petals(o.prior, anywhere)
        return torch.where((batch.labels < 0)[:, None], whole, petals(o.prior, batch.labels))

    return adversarial(o, nets, batch.x, prior, seen)


def petals(prior: Any, numbers: Tensor) -> Tensor:
    """A point of each of some petals, as complex numbers."""
    noise = torch.randn(len(numbers), 2)
    point = torch.complex(prior.radius + prior.along * noise[:, 0], prior.across * noise[:, 1])
    turned = point * torch.exp(2j * math.pi * numbers / prior.petals)
    return torch.view_as_real(turned)


def aae_supervised(o: Any, nets: Networks, batch: Batch, t: int) -> list[Phase]:
    """The decoder is told the label; the code is the style."""
    told = torch.zeros(len(batch.x), o.code.classes)
    told[torch.arange(len(batch.x)), batch.labels] = 1
    return adversarial(o, nets, batch.x, lambda: sampled(o, batch.x), told=told)


def classifying(o: Any, nets: Networks, batch: Batch, supervised: bool, heads: bool = False) -> list[Phase]:
    """Reconstruction from y and z; two discriminators; fooling both; cross-entropy where labels are."""
    Enc, Dec, D_y, D_z, x, k = (
        nets["encoder"], nets["decoder"], nets["class_critic"], nets["critic"], batch.x, o.code.classes,
    )  # fmt: skip

    def classes(out: Tensor) -> Tensor:
        return out[:, :k].exp() / out[:, :k].exp().sum(1, keepdim=True)

    def said(x: Tensor) -> tuple[Tensor, Tensor]:
        out = Enc(given(o, x))
        return classes(out), style(o, out[:, k:])

    def reconstruction() -> Tensor:
        y, z = said(x)
        if not heads:
            return pixel_cost(o.likelihood, nets, x, Dec(torch.cat([y, z], 1)))
        W = nets["heads"].weight
        near = [
            torch.relu(o.code.spacing - (W[:, i] - W[:, j]).square().sum().sqrt())
            for i in range(k)
            for j in range(i)
        ]
        return pixel_cost(o.likelihood, nets, x, Dec(y @ W.T + z)) + o.code.repulsion * sum(near)

    def regularisation() -> tuple[Tensor, Tensor, Tensor]:
        y, z = said(x)
        drawn = o.class_balance * torch.ones(k) / k + (1 - o.class_balance) * y.mean(0)
        uneven = o.class_balance < 1
        which = (
            torch.searchsorted(drawn.cumsum(0), torch.rand(len(x)) * drawn.sum(), right=True)
            if uneven
            else torch.randint(k, (len(x),))
        )
        y_p, z_p = torch.eye(k)[which], sampled(o, x)
        L_y, L_z = told_apart(o, D_y, y_p, y), told_apart(o, D_z, z_p, z)
        fool = bce(D_y(blurred(o, y)), True) + bce(D_z(blurred(o, z)), True)
        return L_y, L_z, fool - o.mutual_information * information(classes(Enc(still(o, x))).detach(), y)

    def cross_entropy() -> Tensor:
        shown = batch.labelled or batch
        known = shown.labels >= 0
        y = classes(nets.of(shown.condition)["encoder"](given(o, shown.x)))
        return -y[known].log()[torch.arange(int(known.sum())), shown.labels[known]].mean()

    critics = {
        "class_critic": (("class_critic",), lambda: regularisation()[0]),
        "critic": (("critic",), lambda: regularisation()[1]),
    }
    moved = autoencoder(o) + (("heads",) if heads else ())
    phases = [
        Phase({"autoencoder": (moved, reconstruction)}),
        Phase(critics, drawn_in=1),
        Phase({"encoder": (("encoder",), lambda: regularisation()[2])}, drawn_in=1),
    ]
    return phases + [Phase({"classifier": (("encoder",), cross_entropy)}, drawn_in=3)] * supervised


def aae_semi(o: Any, nets: Networks, batch: Batch, t: int) -> list[Phase]:
    """With labels."""
    return classifying(o, nets, batch, supervised=True)


def aae_cluster(o: Any, nets: Networks, batch: Batch, t: int) -> list[Phase]:
    """Without."""
    return classifying(o, nets, batch, supervised=False)


def aae_reduce(o: Any, nets: Networks, batch: Batch, t: int) -> list[Phase]:
    """The code is the head of the class and the style, added; with labels where there are some."""
    known = (batch.labelled or batch).labels
    return classifying(o, nets, batch, supervised=bool((known >= 0).any()), heads=True)
