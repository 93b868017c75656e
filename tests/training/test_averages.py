"""Averaged weights."""

import pytest
import torch
from torch import nn

from likeness.nets import Networks
from likeness.training.averages import Average


def test_an_average_keeps_its_decay() -> None:
    layer = nn.Linear(1, 1, bias=False)
    nets = Networks({"a": layer})
    nn.init.constant_(layer.weight, 1.0)
    average = Average(nets, 0.75)
    nn.init.constant_(layer.weight, 5.0)
    average.follow(nets, 1000)
    assert float(average.nets["a"].weight) == 2.0


def test_an_average_follows_faster_at_first_and_never_changes_what_it_follows() -> None:
    """After n steps it keeps n / (n + 9) of itself: 1/10 after the first, 2/11 after the second."""
    layer = nn.Linear(1, 1, bias=False)
    nets = Networks({"a": layer})
    nn.init.constant_(layer.weight, 0.0)
    average = Average(nets, 0.999)
    nn.init.constant_(layer.weight, 1.0)
    average.follow(nets, 1)
    assert float(average.nets["a"].weight) == pytest.approx(1 - 1 / 10)
    average.follow(nets, 2)
    assert float(average.nets["a"].weight) == pytest.approx(1 - 1 / 10 * 2 / 11)
    assert float(layer.weight) == 1.0
    assert not average.nets.training and not average.nets["a"].weight.requires_grad


def test_statistics_are_taken_over_whole() -> None:
    layer = nn.BatchNorm1d(2)
    average = Average(Networks({"a": layer}), 0.999)
    layer(torch.randn(8, 2) + 5)
    average.follow(Networks({"a": layer}), 1000)
    assert layer.running_mean is not None
    assert torch.equal(average.nets["a"].running_mean, layer.running_mean)
