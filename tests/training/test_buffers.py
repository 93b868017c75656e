"""What networks remember of their passes is copied, and put back without harm to gradients."""

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from likeness.training.buffers import restore_buffers, save_buffers


def remembering() -> nn.Module:
    """A network with running statistics and the vectors of a spectral norm."""
    torch.manual_seed(0)
    return nn.Sequential(spectral_norm(nn.Linear(3, 4)), nn.BatchNorm1d(4)).train()


def state(net: nn.Module) -> dict[str, torch.Tensor]:
    """A copy of all that a network has."""
    return {name: value.clone() for name, value in net.state_dict().items()}


def test_what_a_pass_changed_is_put_back_bit_for_bit() -> None:
    net = remembering()
    first, before = state(net), save_buffers(net)
    net(torch.randn(8, 3))
    changed = {name for name, value in state(net).items() if not torch.equal(value, first[name])}
    assert {"1.running_mean", "1.running_var", "1.num_batches_tracked"} < changed
    assert any("parametrizations" in name for name in changed)
    restore_buffers(net, before)
    assert all(torch.equal(value, first[name]) for name, value in state(net).items())


def test_statistics_of_a_network_in_evaluation_mode_are_left_alone() -> None:
    net = remembering().eval()
    assert save_buffers(net) == []
    before = state(net)
    restore_buffers(net, [])
    assert all(torch.equal(value, before[name]) for name, value in state(net).items())


def test_gradients_of_a_pass_are_the_same_after_its_statistics_were_put_back() -> None:
    found = []
    for back in (False, True):
        net, x = remembering(), torch.linspace(-1, 1, 24).view(8, 3)
        before = save_buffers(net)
        loss = net(x).pow(3).sum()
        if back:
            restore_buffers(net, before)
        found.append(torch.autograd.grad(loss, list(net.parameters())))
    assert all(torch.equal(a, b) for a, b in zip(*found, strict=True))
    assert max(float(g.abs().max()) for g in found[0]) > 0
