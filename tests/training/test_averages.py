"""The moving average of weights, by its closed form."""

import math

import pytest
import torch
from torch import nn

from likeness.nets import Networks
from likeness.training.averages import Average


def networks(*layers: nn.Module) -> Networks:
    """Players called a, b, c."""
    return Networks(dict(zip("abc", layers)))


def line(weight: float) -> nn.Linear:
    """A layer of one weight."""
    layer = nn.Linear(1, 1, bias=False)
    nn.init.constant_(layer.weight, weight)
    return layer


def test_the_average_follows_by_its_closed_form() -> None:
    nets = networks(line(3.0))
    average = Average(nets, 0.9)
    nn.init.constant_(nets["a"].weight, 4.0)
    for steps in (200, 201, 202):
        average.update(nets, steps)
    assert average.nets["a"].weight.item() == pytest.approx(3 + 1 - 0.9**3, abs=1e-6)


def test_an_average_keeps_its_decay() -> None:
    nets = networks(line(1.0))
    average = Average(nets, 0.75)
    nn.init.constant_(nets["a"].weight, 5.0)
    average.update(nets, 1000)
    assert average.nets["a"].weight.item() == 2.0


@pytest.mark.parametrize("steps", [1, 2, 10, 100])
def test_first_weights_soon_have_no_share_in_an_average(steps: int) -> None:
    nets = networks(line(1.0))
    average = Average(nets, 0.999)
    nn.init.constant_(nets["a"].weight, 0.0)
    for t in range(1, steps + 1):
        average.update(nets, t)
    assert average.nets["a"].weight.item() == pytest.approx(1 / math.comb(steps + 9, 9), rel=1e-4)


def test_statistics_are_taken_over_and_not_averaged() -> None:
    nets = networks(nn.BatchNorm1d(2))
    average = Average(nets, 0.9)
    nets["a"](torch.randn(8, 2) + 5)
    average.update(nets, 100)
    for mine, theirs in zip(average.nets.buffers(), nets.buffers(), strict=True):
        assert torch.equal(mine, theirs)


def test_an_average_is_a_copy_that_does_not_train() -> None:
    nets = networks(line(1.0), nn.BatchNorm1d(1)).train()
    average = Average(nets, 0.9)
    assert not any(m.training for m in average.nets.modules())
    assert not any(p.requires_grad for p in average.nets.parameters())
    assert all(m.training for m in nets.modules()) and all(p.requires_grad for p in nets.parameters())
    nn.init.constant_(nets["a"].weight, 7.0)
    assert average.nets["a"].weight.item() == 1.0
