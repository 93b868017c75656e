"""Contrastive teaching: the loss against its formula, and that teaching learns what views keep."""

import numpy as np
import pytest
import torch
from torch import Tensor

from likeness.nets.larsen import Larsen
from likeness.shapes import Shape
from likeness.similarity.teaching import (
    ContrastiveTeaching,
    nt_xent,
    shrink,
    shrink_factor,
    shrunk_shape,
    teach,
)
from support.teaching import split_of, stripes


def by_formula(z: Tensor, z_other: Tensor, temperature: float) -> float:
    """Chen et al. 2020, equation 1, pair by pair, in float64."""
    both = torch.cat([z, z_other]).double()
    n, losses = len(z), []
    for i in range(2 * n):
        partner = (i + n) % (2 * n)
        s = [float(torch.cosine_similarity(both[i], both[k], dim=0)) / temperature for k in range(2 * n)]
        others = np.array([s[k] for k in range(2 * n) if k != i])
        losses.append(np.log(np.exp(others).sum()) - s[partner])
    return float(np.mean(losses))


@pytest.mark.parametrize("temperature", [0.1, 0.5])
def test_the_loss_is_its_formula(temperature: float) -> None:
    z, z_other = torch.randn(2, 7, 5, generator=torch.Generator().manual_seed(0))
    assert float(nt_xent(z, z_other, temperature)) == pytest.approx(
        by_formula(z, z_other, temperature), rel=1e-4
    )


def test_equal_views_that_are_far_from_others_cost_least() -> None:
    z = torch.eye(6)
    least = float(nt_xent(z, z, 0.1))
    assert least < 0.01 < float(nt_xent(z, z.roll(1, 0), 0.1))


def test_teaching_lowers_the_loss_and_leaves_a_frozen_network() -> None:
    images, _ = stripes(200)
    split, scaling = split_of(images)
    found = teach(split, scaling, Shape(1, 16, 16), ContrastiveTeaching(), Larsen(width=0.1), steps=40)
    before = teach(split, scaling, Shape(1, 16, 16), ContrastiveTeaching(), Larsen(width=0.1), steps=1)
    assert found.loss < 0.95 * before.loss
    assert not any(p.requires_grad for p in found.trunk.parameters()) and not found.trunk.training


def test_teaching_is_a_function_of_the_seed() -> None:
    images, _ = stripes(120)
    split, scaling = split_of(images)
    weights = [
        next(
            teach(
                split, scaling, Shape(1, 16, 16), ContrastiveTeaching(), Larsen(width=0.1), steps=3, seed=k
            ).trunk.parameters()
        )
        for k in (0, 0, 1)
    ]
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])


def test_large_images_are_averaged_down_by_a_power_of_two() -> None:
    assert [shrink_factor(Shape(3, side, side)) for side in (28, 48, 64, 96, 128, 256)] == [
        1,
        1,
        2,
        2,
        4,
        8,
    ]
    assert shrunk_shape(Shape(3, 64, 50), 2) == Shape(3, 32, 25)
    x = torch.arange(16.0).view(1, 1, 4, 4)
    assert shrink(x, 2).flatten().tolist() == [2.5, 4.5, 10.5, 12.5]
    assert shrink(x, 1) is x
