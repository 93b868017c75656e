"""The one place that differentiates: at what it is told, and at nothing else."""

import pytest
import torch
from torch import Tensor

from likeness.gradients import gradient


def numbers(*values: float) -> Tensor:
    """A vector that requires its gradient."""
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def test_the_gradient_is_taken_at_each_tensor_in_order() -> None:
    a, b = numbers(1, 2), numbers(3, 4)
    found = gradient((a**2 * b).sum(), [b, a])
    assert [g.tolist() for g in found] == [[1, 4], [6, 16]]


def test_no_tensor_keeps_a_gradient() -> None:
    a, b = numbers(1), numbers(2)
    gradient((a * b).sum(), [a])
    assert a.grad is None and b.grad is None


def test_a_tensor_that_is_not_reached_is_an_error() -> None:
    a, b = numbers(1), numbers(2)
    with pytest.raises(RuntimeError, match="not have been used in the graph"):
        gradient((a**2).sum(), [a, b])


@pytest.mark.parametrize("keep", [False, True])
def test_the_graph_is_left_only_if_it_is_to_be_kept(keep: bool) -> None:
    a = numbers(3)
    of = (a**2).sum()
    gradient(of, [a], keep_graph=keep)
    if keep:
        assert gradient(of, [a])[0].tolist() == [6]
    else:
        with pytest.raises(RuntimeError, match="second time"):
            gradient(of, [a])


@pytest.mark.parametrize("differentiable", [False, True])
def test_a_gradient_can_be_differentiated_only_where_asked_for(differentiable: bool) -> None:
    a = numbers(3)
    (first,) = gradient((a**3).sum(), [a], differentiable=differentiable)
    assert first.requires_grad == differentiable
    if differentiable:
        assert gradient(first.sum(), [a])[0].tolist() == [18]
