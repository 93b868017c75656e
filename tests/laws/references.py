"""Gradients written down by hand from the papers, one network at a time, sharing no code with the package.

Each reference says what a network descends, given networks, a batch and the noise that was drawn.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch import distributions as D

from likeness.batch import Batch
from likeness.nets import Discriminator, Networks

Descends = Callable[[], Tensor]


class Phase(NamedTuple):
    """What is changed at once."""

    moves: dict[str, tuple[tuple[str, ...], Descends]]
    """For each move: the players it changes, and the loss that they descend."""
    drawn_in: int = 0
    """The phase before which the random numbers were as they are to be."""


@contextmanager
def learning(nets: Networks, players: tuple[str, ...]) -> Iterator[None]:
    """Only some players require their gradient."""
    before = [(p, p.requires_grad) for p in nets.parameters()]
    nets.requires_grad_(False)
    for player in players:
        nets[player].requires_grad_(True)
    yield
    for parameter, needed in before:
        parameter.requires_grad_(needed)


def gradient_of(nets: Networks, players: tuple[str, ...], loss: Descends, random: Tensor) -> Tensor:
    """The gradient of a loss at some players, all others held constant; statistics are put back."""
    state = {k: v.clone() for k, v in nets.state_dict().items()}
    with learning(nets, players):
        torch.set_rng_state(random)
        loss().backward()
        parts = [p.grad.flatten() for player in players for p in nets[player].parameters()]
    nets.zero_grad()
    nets.load_state_dict(state)
    return torch.cat(parts)


def bce(logits: Tensor, real: bool) -> Tensor:
    """Binary cross-entropy against one answer."""
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, float(real)))


def gaussian(out: Tensor, std: float = 1.0) -> tuple[Tensor, Tensor]:
    """A code drawn from q(z|x), and the mean over the batch of KL(q || N(0, std^2 I))."""
    d = out.shape[1] // 2
    m, s, v = out[:, :d], out[:, d:], std**2
    z = m + s.exp().sqrt() * torch.randn_like(m)
    return z, 0.5 * (m * m / v + s.exp() / v - s + math.log(v) - 1).sum() / len(out)


def sampled_kl(prior: Any, out: Tensor, z: Tensor) -> Tensor:
    """log q(z|x) - log p(z) at codes that were drawn, the mean over the batch; p is a ring of Gaussians."""
    q = D.Independent(D.Normal(out[:, :2], (0.5 * out[:, 2:]).exp()), 1)
    density = torch.zeros(len(z))
    for k in range(prior.petals):
        angle = torch.tensor(2 * math.pi * k / prior.petals)
        turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()]).view(2, 2)
        spread = turn @ torch.diag(torch.tensor([prior.along**2, prior.across**2])) @ turn.T
        petal = D.MultivariateNormal(prior.radius * turn[:, 0], spread)
        density = density + petal.log_prob(z).exp() / prior.petals
    return (q.log_prob(z) - density.log()).mean()


def sampled(o: Any, like: Tensor) -> Tensor:
    """Codes from N(0, std^2 I), as many as images; of maps, drawn place by place."""
    n = len(like)
    if hasattr(o.code, "channels"):
        h, w = (-(-side // 4) for side in like.shape[2:])
        return o.prior.std * torch.randn(n, h, w, o.code.channels).permute(0, 3, 1, 2)
    return o.prior.std * torch.randn(n, o.code.latent)


def half_square(a: Tensor, b: Tensor) -> Tensor:
    """-log N(a | b, I) without its constant, the mean over the batch."""
    return 0.5 * ((a - b) ** 2).sum() / len(a)


def ae(o: Any, nets: Networks, batch: Batch, t: int) -> list[Phase]:
    """Half the squared error."""

    def loss() -> Tensor:
        return half_square(batch.x, nets["decoder"](nets["encoder"](batch.x)))

    return [Phase({"autoencoder": (("encoder", "decoder"), loss)})]


def vae(o: Any, nets: Networks, batch: Batch, t: int) -> list[Phase]:
    """beta KL - log p(x | x~)."""
    scale = ("scale",) if o.likelihood.name == "learned_normal" else ()

    def loss() -> Tensor:
        out = nets["encoder"](batch.x)
        z, kl = gaussian(out) if o.prior.name == "petals" else gaussian(out, o.prior.std)
        kl = sampled_kl(o.prior, out, z) if o.prior.name == "petals" else kl
        return o.beta * kl + pixel_cost(o.likelihood, nets, batch.x, nets["decoder"](z))

    return [Phase({"autoencoder": (("encoder", "decoder", *scale), loss)})]


def pixel_cost(likelihood: Any, nets: Networks, x: Tensor, mu: Tensor) -> Tensor:
    """-log p(x | mu) up to constants, the mean over the batch."""
    n = len(x)
    if likelihood.name == "learned_normal":
        return learned_cost(nets["scale"], x, mu)
    if likelihood.name == "laplace":
        return (x - mu).abs().sum() / likelihood.width / n
    if likelihood.name == "bernoulli":
        t, p = (x + 1) / 2, (mu + 1) / 2
        return -(t * (p + 1e-6).log() + (1 - t) * (1 - p + 1e-6).log()).sum() / n
    return half_square(x, mu) / likelihood.variance


def learned_cost(scale: nn.Module, a: Tensor, b: Tensor) -> Tensor:
    """-log N(a | b, sigma^2) without log 2 pi, sigma^2 learned; one for all or one for each channel."""
    log_variance = 30.0 * scale.get_parameter("raw")
    shape = (1, -1) + (1,) * (a.dim() - 2)
    cost = (a - b) ** 2 / log_variance.exp().view(shape) + log_variance.view(shape)
    return 0.5 * cost.sum() / len(a)


def gan(o: Any, nets: Networks, batch: Batch, t: int) -> list[Phase]:
    """The discriminator's cross-entropy, and the generator's wish to be taken for real."""
    Dec, Dis, x = nets["decoder"], nets["discriminator"], batch.x

    def made() -> Tensor:
        return Dec(sampled(o, x))

    def decoder() -> Tensor:
        return fooled(o, Dis(made()).logits)

    def discriminator() -> Tensor:
        x_p = made()
        cost = bce(Dis(x).logits, True) + bce(Dis(x_p).logits, False)
        return cost + o.adversary.r1 * r1(Dis, x)

    moves = {"decoder": (("decoder",), decoder), "discriminator": (("discriminator",), discriminator)}
    with torch.no_grad():
        moves.pop(paused(o, Dis(x).logits, Dis(made()).logits), None)
    return [Phase(moves)]


def paused(o: Any, real: Tensor, made: Tensor) -> str:
    """Whose move the authors' rule leaves out, given logits of real images and of decoded samples."""
    costs = sorted([float(bce(real, True)), float(bce(made, False))])
    wins, loses = (
        costs[0] < o.adversary.equilibrium - o.adversary.margin,
        costs[1] > o.adversary.equilibrium + o.adversary.margin,
    )
    if not o.adversary.balance or wins == loses:
        return "nobody's"
    return "discriminator" if wins else "decoder"


def fooled(o: Any, logits: Tensor) -> Tensor:
    """The generator's loss: -log Dis, or log(1 - Dis)."""
    return -bce(logits, False) if o.adversary.gan_loss == "saturating" else bce(logits, True)


def r1(Dis: nn.Module, x: Tensor) -> Tensor:
    """Half the squared gradient of the logits at real images."""
    x = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(Dis(x).logits.sum(), x, create_graph=True)
    return 0.5 * slope.square().sum() / len(x)


def features(
    o: Any, Dis: Discriminator, x: Tensor, x_tilde: Tensor
) -> dict[str, tuple[Tensor, Tensor, float]]:
    """Features of both, judged in one batch, of each chosen layer, with its weight."""
    judged, n = Dis(torch.cat([x, x_tilde])), len(x)
    names = list(judged.features)
    chosen = {
        names[int(l)] if l.strip("-").isdigit() else l: w
        for l, w in (o.features.layers or {Dis.default_layer: 1.0}).items()
    }
    return {l: (judged.features[l][:n], judged.features[l][n:], w) for l, w in chosen.items()}


def feature_cost(o: Any, nets: Networks, x: Tensor, x_tilde: Tensor) -> tuple[Tensor, int]:
    """-log p(Dis_l(x) | Dis_l(x~)), the mean over the batch, and how many features there are."""
    cost, size = torch.zeros(()), 0
    for layer, (a, b, weight) in features(o, nets["discriminator"], x, x_tilde).items():
        learned = o.features.feature_likelihood.name == "learned_normal"
        term = learned_cost(nets["scale"][layer], a, b) if learned else half_square(a, b)
        cost, size = cost + weight * term, size + a[0].numel()
    return cost, size


def vae_dis_l(o: Any, nets: Networks, batch: Batch, t: int) -> list[Phase]:
    """KL and the feature cost of a frozen discriminator."""
    scale = ("scale",) if o.features.feature_likelihood.name == "learned_normal" else ()

    def loss() -> Tensor:
        out = nets["encoder"](batch.x)
        z, kl = gaussian(out) if o.prior.name == "petals" else gaussian(out, o.prior.std)
        kl = sampled_kl(o.prior, out, z) if o.prior.name == "petals" else kl
        return o.beta * kl + feature_cost(o, nets, batch.x, nets["decoder"](z))[0]

    return [Phase({"autoencoder": (("encoder", "decoder", *scale), loss)})]


def pull(Dec: nn.Module, one: Tensor, other: Tensor) -> float:
    """How many times longer the gradient of one loss is than another's, at a decoder's last weights."""
    at = [p for name, p in Dec.named_parameters()][-2:]
    lengths = [
        torch.cat([g.flatten() for g in torch.autograd.grad(loss, at, retain_graph=True)]).norm()
        for loss in (one, other)
    ]
    return float(lengths[0] / (lengths[1] + 1e-6))


def vae_gan(o: Any, nets: Networks, batch: Batch, t: int) -> list[Phase]:
    """The update table: Enc L_prior + L_llike, Dec gamma L_llike and adversarial, Dis its cross-entropy."""
    Enc, Dec, Dis, x = nets["encoder"], nets["decoder"], nets["discriminator"], batch.x

    def forward() -> tuple[Tensor, Tensor, Tensor]:
        z, kl = gaussian(Enc(x), o.prior.std)
        return Dec(z), Dec(sampled(o, x)), kl

    def logits(x_tilde: Tensor, x_p: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        together = Dis(torch.cat([x, x_tilde])).logits
        return together[: len(x)], together[len(x) :], Dis(x_p).logits

    def encoder() -> Tensor:
        x_tilde, _, kl = forward()
        return o.beta * kl + feature_cost(o, nets, x, x_tilde)[0]

    def decoder() -> Tensor:
        x_tilde, x_p, _ = forward()
        cost, size = feature_cost(o, nets, x, x_tilde)
        if t < o.start:
            return o.gamma * cost / size
        _, l_tilde, l_p = logits(x_tilde, x_p)
        adversarial = o.reconstructed_weight * fooled(o, l_tilde) + o.prior_weight * fooled(o, l_p)
        weight = pull(Dec, o.gamma * cost / size, adversarial) if o.adversary.adaptive else 1
        return o.gamma * cost / size + weight * adversarial

    def discriminator() -> Tensor:
        x_tilde, x_p, _ = forward()
        l, l_tilde, l_p = logits(x_tilde, x_p)
        cost = o.real_weight * bce(l, True) + o.reconstructed_weight * bce(l_tilde, False)
        return cost + o.prior_weight * bce(l_p, False) + o.adversary.r1 * r1(Dis, x)

    def scale() -> Tensor:
        return feature_cost(o, nets, x, forward()[0])[0]

    moves = {"encoder": (("encoder",), encoder), "decoder": (("decoder",), decoder)}
    if t >= o.start:
        moves["discriminator"] = (("discriminator",), discriminator)
        with torch.no_grad():
            x_tilde, x_p, _ = forward()
            l, _, l_p = logits(x_tilde, x_p)
            moves.pop(paused(o, l, l_p), None)
    if o.features.feature_likelihood.name == "learned_normal":
        moves["scale"] = (("scale",), scale)
    return [Phase(moves)]
