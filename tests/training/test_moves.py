"""Moves: what is done with gradients that are long, laid out otherwise, or not finite."""

import math
from typing import Any

import pytest
import torch
from torch import nn

from likeness.errors import RunError
from likeness.gradients import gradient
from likeness.training import moves
from likeness.training.moves import Move, match_layout, play
from likeness.training.optimizers import Adam, AdamW, RMSprop


def line(clip: float | None = None) -> Move:
    """One weight vector at (3, 4), descended at rate 1."""
    layer = nn.Linear(2, 1, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[3.0, 4.0]]))
    return Move("line", [layer], torch.optim.SGD(layer.parameters(), 1.0), clip)


def length(move: Move) -> torch.Tensor:
    """Half the squared length: its gradient is the weight itself."""
    return 0.5 * move.parameters[0].square().sum()


def test_a_step_takes_the_gradient_and_remembers_its_norm() -> None:
    move = line()
    move.add(gradient(length(move), move.parameters))
    move.make()
    assert move.norm == 5.0
    assert torch.equal(move.parameters[0], torch.zeros(1, 2))


def test_a_long_gradient_is_shortened_and_its_own_norm_reported() -> None:
    move = line(clip=1.0)
    move.add(gradient(length(move), move.parameters))
    move.make()
    assert move.norm == 5.0
    assert torch.allclose(move.parameters[0], torch.tensor([[2.4, 3.2]]), atol=1e-5)


def test_a_short_gradient_is_left_alone() -> None:
    move = line(clip=10.0)
    move.add(gradient(length(move), move.parameters))
    move.make()
    assert torch.equal(move.parameters[0], torch.zeros(1, 2))


def test_aims_add_up_until_the_move_is_made() -> None:
    move = line()
    for _ in range(2):
        move.add(gradient(0.25 * length(move), move.parameters))
    move.make()
    assert torch.equal(move.parameters[0], torch.tensor([[1.5, 2.0]]))


def test_a_gradient_that_is_not_finite_is_skipped_and_counted() -> None:
    move = line()
    move.add(gradient(length(move) * math.inf, move.parameters))
    move.make()
    assert (move.skipped, move.skipped_in_a_row) == (1, 1)
    assert torch.equal(move.parameters[0], torch.tensor([[3.0, 4.0]]))
    move.add(gradient(length(move), move.parameters))
    move.make()
    assert (move.skipped, move.skipped_in_a_row) == (1, 0)


def test_a_move_gives_up_after_too_many_in_a_row() -> None:
    move = line()
    for _ in range(moves.MAX_SKIPPED_STEPS - 1):
        move.add(gradient(length(move) * math.nan, move.parameters))
        move.make()
    move.add(gradient(length(move) * math.nan, move.parameters))
    with pytest.raises(RunError, match="gradient of line was not finite 20 steps in a row; lower --lr"):
        move.make()


def test_a_loss_that_does_not_reach_its_networks_is_an_error() -> None:
    move = line()
    with pytest.raises(RuntimeError):
        move.add(gradient(torch.ones((), requires_grad=True) * 2, move.parameters))


@pytest.mark.parametrize("optimizer", [Adam(), AdamW(weight_decay=0.1), RMSprop()])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_a_gradient_of_another_memory_layout_is_the_same_step(
    optimizer: Any, layout: torch.memory_format
) -> None:
    """A fused optimizer goes through memory, and would pair each weight with another's gradient."""
    torch.manual_seed(0)
    gradient, other = torch.randn(2, 4, 3, 3), {torch.contiguous_format: torch.channels_last}
    ends = []
    for given in (layout, other.get(layout, torch.contiguous_format)):
        torch.manual_seed(1)
        layer = nn.Conv2d(4, 2, 3, bias=False)
        layer.weight.data = layer.weight.data.to(memory_format=layout)
        move = Move("conv", [layer], optimizer.build(list(layer.parameters()), 0.1))
        for _ in range(2):
            move._gradient = [gradient.contiguous(memory_format=given)]
            move.make()
        ends.append(layer.weight.detach())
    assert torch.equal(*ends)


def test_of_several_moves_each_is_taken_before_any_is_made() -> None:
    """Of L = a b^2 each descends what the other one was, whichever is named first."""
    ends = []
    for names in (("a", "b"), ("b", "a")):
        moves = {name: line() for name in ("a", "b")}
        a, b = (moves[name].parameters[0] for name in ("a", "b"))
        loss = (a * b * b).sum()
        play([{name: loss for name in names}], moves)
        ends.append((a.tolist(), b.tolist()))
    assert ends[0] == ends[1] == ([[3 - 9.0, 4 - 16.0]], [[3 - 18.0, 4 - 32.0]])


def test_a_phase_of_several_batches_descends_the_mean() -> None:
    move = line()
    play([{"line": length(move)}, {"line": 3 * length(move)}], {"line": move})
    assert move.norm == pytest.approx(10.0)
    assert torch.allclose(move.parameters[0], torch.tensor([[-3.0, -4.0]]))


def test_a_phase_in_which_nobody_moves_is_played() -> None:
    move = line()
    play([{}], {"line": move})
    assert torch.equal(move.parameters[0], torch.tensor([[3.0, 4.0]]))


def test_what_is_laid_out_anew_has_the_same_values_in_the_others_order() -> None:
    values, like = torch.randn(2, 4, 3, 3), torch.zeros(2, 4, 3, 3).to(memory_format=torch.channels_last)
    made = match_layout(values, like)
    assert made.stride() == like.stride() and torch.equal(made, values)
    assert match_layout(made, like) is made
