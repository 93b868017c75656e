"""Passes that stand in for those of networks, and go away again."""

import pytest
import torch
from torch import nn

from likeness.nets import Networks
from likeness.training.passes import patched_forward


@pytest.fixture
def nets() -> Networks:
    """Two networks that pass on what they are given."""
    return Networks({"encoder": nn.Identity(), "decoder": nn.Identity()})


def test_named_networks_make_the_other_pass_meanwhile_and_the_rest_their_own(nets: Networks) -> None:
    x = torch.ones(2)
    with patched_forward(nets, {"decoder": lambda x: 3 * x}):
        assert torch.equal(nets["decoder"](x), 3 * x)
        assert torch.equal(nets["encoder"](x), x)
    assert torch.equal(nets["decoder"](x), x)


def test_a_pass_may_call_what_it_stands_in_for(nets: Networks) -> None:
    x, own = torch.ones(2), nets["encoder"].forward
    with patched_forward(nets, {"encoder": lambda x: own(x) + 1}):
        assert torch.equal(nets["encoder"](x), x + 1)
    assert torch.equal(nets["encoder"](x), x)


def test_a_networks_own_pass_comes_back_after_an_error(nets: Networks) -> None:
    with pytest.raises(ZeroDivisionError), patched_forward(nets, {"encoder": lambda x: 0 * x}):
        raise ZeroDivisionError
    assert torch.equal(nets["encoder"](torch.ones(2)), torch.ones(2))


def test_hooks_of_a_network_see_the_pass_that_stands_in(nets: Networks) -> None:
    seen: list[torch.Tensor] = []
    nets["encoder"].register_forward_hook(lambda net, given, out: seen.append(out))
    with patched_forward(nets, {"encoder": lambda x: x + 1}):
        nets["encoder"](torch.zeros(1))
    assert [float(out) for out in seen] == [1.0]
