"""The balance rule, and what fools a discriminator."""

import math

import pytest
import torch

from likeness.objectives._adversarial import held_back
from likeness.objectives.gan import GAN

RULE = [
    ([0.5, 0.5], None),  # in balance
    ([0.3, 0.9], "discriminator"),  # it wins on one side
    ([0.9, 0.3], "discriminator"),
    ([0.5, 1.1], "decoder"),  # the decoder wins
    ([0.1, 0.1], "discriminator"),
    ([2.0, 2.0], "decoder"),
    ([0.1, 2.0], None),  # both at once: nobody pauses
    ([0.34, 1.02], None),  # just within the bounds
]


@pytest.mark.parametrize(("costs", "expected"), RULE)
def test_the_balance_rule_holds_back_whoever_wins_and_never_both(
    costs: list[float], expected: str | None
) -> None:
    assert held_back(costs, 0.68, 0.35) == expected


def test_the_rule_leaves_the_move_out_and_nothing_else() -> None:
    losses = {name: torch.zeros(()) for name in ("encoder", "decoder", "discriminator")}
    costs = {"real": torch.tensor(0.1), "prior": torch.tensor(0.5)}
    assert GAN(balance=True).balanced(losses, costs).keys() == {"encoder", "decoder"}
    assert GAN(balance=False).balanced(losses, costs) is losses


@pytest.mark.parametrize("logit", [-3.0, 0.0, 2.0])
def test_both_ways_of_fooling_fall_as_images_look_more_real(logit: float) -> None:
    l = torch.tensor([logit], requires_grad=True)
    for fooling in ("saturating", "non_saturating"):
        (gradient,) = torch.autograd.grad(GAN(fooling=fooling).fool(l).sum(), l)
        sigmoid = 1 / (1 + math.exp(-logit))
        expected = -sigmoid if fooling == "saturating" else sigmoid - 1
        assert abs(float(gradient) - expected) < 1e-6
