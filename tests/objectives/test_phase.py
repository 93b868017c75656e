"""A loss that the engine weighs against another, in closed form."""

import pytest
import torch
from torch import nn

from likeness.objectives import AdaptiveLoss, Phase
from likeness.training.moves import EPSILON, Move, play


def moved(weight: float, at: int = 0) -> tuple[list[torch.Tensor], nn.Module]:
    """The step of a move whose losses are linear, so that their gradients are known: 3 and 4 at each of two
    weights for the first, 0.6 and 0.8 times 10 for the second, whose directions differ."""
    player = nn.ParameterList([nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2))])
    one = sum((p * torch.tensor([3.0, 4.0])).sum() for p in player)
    other = sum((p * torch.tensor([-8.0, 6.0])).sum() for p in player)
    loss = AdaptiveLoss(one, other, [player[at]], weight)  # type: ignore[arg-type]
    move = Move("decoder", [player], torch.optim.SGD(player.parameters(), 1.0))
    play([Phase({"decoder": loss}).losses], {"decoder": move})
    return [-p.detach() for p in player], player


@pytest.mark.parametrize("weight", [0.0, 1.0, 2.5])
def test_the_weighed_gradient_is_made_as_long_as_the_other(weight: float) -> None:
    steps, _ = moved(weight)
    expected = torch.tensor([3.0, 4.0]) + weight * 5 / (10 + EPSILON) * torch.tensor([-8.0, 6.0])
    for step in steps:
        assert torch.allclose(step, expected, rtol=1e-6)


def test_the_lengths_are_those_at_the_parameters_that_are_named_alone() -> None:
    player = nn.ParameterList([nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))])
    one, other = 2 * player[0].sum() + 30 * player[1].sum(), 4 * player[0].sum() + player[1].sum()
    move = Move("decoder", [player], torch.optim.SGD(player.parameters(), 1.0))
    play([{"decoder": AdaptiveLoss(one, other, [player[0]])}], {"decoder": move})
    assert [-float(p.detach()) for p in player] == pytest.approx([2 + 0.5 * 4, 30 + 0.5], rel=1e-5)


def test_of_two_batches_gradients_are_averaged_before_they_are_weighed() -> None:
    player = nn.ParameterList([nn.Parameter(torch.zeros(1))])
    losses = [
        AdaptiveLoss(a * player[0].sum(), b * player[0].sum(), [player[0]]) for a, b in ((2, 1), (6, 3))
    ]
    move = Move("decoder", [player], torch.optim.SGD(player.parameters(), 1.0))
    play([{"decoder": loss} for loss in losses], {"decoder": move})
    assert -float(player[0].detach()) == pytest.approx(4 + 4 / 2 * 2, rel=1e-5)


def test_both_losses_are_reported_as_they_are_before_they_are_weighed() -> None:
    assert float(AdaptiveLoss(torch.tensor(2.0), torch.tensor(5.0), []).total) == 7
