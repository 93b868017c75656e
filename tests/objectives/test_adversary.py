"""The balance rule, what fools a discriminator, and the penalty on its gradient."""

import math

import pytest
import torch

from likeness.nets import DiscriminatorOutput
from likeness.objectives import Adversary
from likeness.objectives.gan import GAN
from support.blank_games import X, batch

RULE: list[tuple[list[float], set[str]]] = [
    ([0.5, 0.5], set()),  # in balance
    ([0.3, 0.9], {"discriminator"}),  # it wins on one side
    ([0.9, 0.3], {"discriminator"}),
    ([0.5, 1.1], {"decoder"}),  # the decoder wins
    ([0.1, 0.1], {"discriminator"}),
    ([2.0, 2.0], {"decoder"}),
    ([0.1, 2.0], set()),  # both at once: nobody pauses
    ([0.34, 1.02], set()),  # just within the bounds
]


@pytest.mark.parametrize(("costs", "expected"), RULE)
def test_the_balance_rule_pauses_whoever_wins_and_never_both(
    costs: list[float], expected: set[str]
) -> None:
    named: dict[str, float] = dict(zip(("real", "prior"), costs))
    rule = Adversary(equilibrium=0.68, margin=0.35)
    assert rule.paused_moves(named) == GAN(adversary=rule).paused_moves(named) == expected
    assert GAN(adversary=Adversary(balance=False)).paused_moves(named) == set()


def test_nobody_pauses_where_no_cost_is_yielded() -> None:
    assert Adversary(balance=True).paused_moves({}) == set()


@pytest.mark.parametrize("logit", [-3.0, 0.0, 2.0])
def test_both_ways_of_fooling_fall_as_images_look_more_real(logit: float) -> None:
    l = torch.tensor([logit], requires_grad=True)
    for gan_loss in ("saturating", "non_saturating"):
        (gradient,) = torch.autograd.grad(Adversary(gan_loss=gan_loss).generator_loss(l).sum(), l)
        sigmoid = 1 / (1 + math.exp(-logit))
        expected = -sigmoid if gan_loss == "saturating" else sigmoid - 1
        assert abs(float(gradient) - expected) < 1e-6


def test_the_penalty_is_the_mean_of_half_the_squared_gradient_at_real_images() -> None:
    """Of logits that are half the squared image, whose gradient is the image."""

    def half_square(x: torch.Tensor) -> DiscriminatorOutput:
        return DiscriminatorOutput(0.5 * x.flatten(1).square().sum(1), {})

    expected = 3 * 0.5 * float(X.flatten(1).square().sum(1).mean())
    found = Adversary(r1=3.0).r1_penalty(batch(), half_square)
    assert isinstance(found, torch.Tensor) and found.item() == pytest.approx(expected, rel=1e-6)
    assert Adversary(r1=0.0).r1_penalty(batch(), half_square) == 0
