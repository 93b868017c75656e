"""Plain loops, written by hand as most repositories have them: float32, `backward()` for each network.

Fakes are judged anew for each update, because an update changes weights that an earlier pass used; a
network that is only looked through gets gradients too, which the next `zero_grad` throws away.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.contenders.games import configured, plain_networks, unit_images
from benchmarks.pace import Pace


def vae_gan(pace: Pace, o: dict[str, Any]) -> None:
    """VAE/GAN, Adam for each of the three networks."""
    nets = plain_networks(o)
    Enc, Dec, Dis = nets["encoder"], nets["decoder"], nets["discriminator"]
    for x in _batches(o):
        heads = Enc(x)
        mean, log_variance = heads.chunk(2, 1)
        x_tilde = Dec(mean + (log_variance / 2).exp() * torch.randn_like(mean))
        x_p = Dec(torch.randn_like(mean))

        adam(o, Dis).zero_grad()
        (_gan(Dis, x, x_tilde.detach(), x_p.detach())[0]).backward()
        adam(o, Dis).step()

        adam(o, Dec).zero_grad()
        L_gan, L_llike = _gan(Dis, x, x_tilde, x_p)
        (L_llike - L_gan).backward(retain_graph=True)
        decoder = [p.grad for p in Dec.parameters()]

        adam(o, Enc).zero_grad()
        prior = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum(1).mean()
        Dec.zero_grad()
        (prior + L_llike).backward()
        for parameter, gradient in zip(Dec.parameters(), decoder):
            parameter.grad = gradient
        adam(o, Dec).step()
        adam(o, Enc).step()
        pace.tick()


def _gan(Dis: nn.Module, x: Tensor, x_tilde: Tensor, x_p: Tensor) -> tuple[Tensor, Tensor]:
    """The discriminator's cost, and the feature error."""
    (real, l), (made, l_tilde), (drawn, _) = Dis(x), Dis(x_tilde), Dis(x_p)
    ones, zeros = torch.ones_like(real), torch.zeros_like(real)
    bce = F.binary_cross_entropy_with_logits
    cost = bce(real, ones) + bce(made, zeros) + bce(drawn, zeros)
    return cost, 0.5 * F.mse_loss(l_tilde["conv3"], l["conv3"], reduction="none").sum((1, 2, 3)).mean()


def aae(pace: Pace, o: dict[str, Any]) -> None:
    """Adversarial autoencoder: reconstruction, discriminator, encoder."""
    nets = plain_networks(o)
    Enc, Dec, D = nets["encoder"], nets["decoder"], nets["critic"]
    bce = F.binary_cross_entropy_with_logits
    for x in _batches(o):
        adam(o, Enc, Dec).zero_grad()
        F.mse_loss(Dec(Enc(x)), x, reduction="none").sum((1, 2, 3)).mean().backward()
        adam(o, Enc, Dec).step()

        adam(o, D).zero_grad()
        z = Enc(x).detach()
        real, made = D(torch.randn_like(z)), D(z)
        (bce(real, torch.ones_like(real)) + bce(made, torch.zeros_like(made))).backward()
        adam(o, D).step()

        adam(o, Enc).zero_grad()
        made = D(Enc(x))
        bce(made, torch.ones_like(made)).backward()
        adam(o, Enc).step()
        pace.tick()


_OPTIMIZERS: dict[tuple[int, ...], torch.optim.Optimizer] = {}


def adam(o: dict[str, Any], *nets: nn.Module) -> torch.optim.Optimizer:
    """The one optimizer of some networks."""
    key = tuple(map(id, nets))
    if key not in _OPTIMIZERS:
        parameters = [p for net in nets for p in net.parameters()]
        _OPTIMIZERS[key] = torch.optim.Adam(parameters, 3e-4, (0.5, 0.999))
    return _OPTIMIZERS[key]


def _batches(o: dict[str, Any]) -> Any:
    data = TensorDataset(unit_images(o))
    while True:
        for (x,) in DataLoader(data, configured(o).training.batch, shuffle=True, drop_last=True):
            yield x
