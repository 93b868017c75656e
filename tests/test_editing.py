"""Arithmetic on codes."""

import pytest
import torch

from likeness.editing import between

A, B = torch.tensor([0.1, -2.0, 7.0]), torch.tensor([1e6, 3.0, 7.0])


@pytest.mark.parametrize("steps", [2, 3, 10, 101])
def test_the_way_has_both_its_ends_exactly(steps):
    way = between(A, B, steps)
    assert way.shape == (steps, 3)
    assert torch.equal(way[0], A)
    assert torch.equal(way[-1], B)


def test_the_way_is_straight_and_even():
    way = between(A.double(), B.double(), 5)
    torch.testing.assert_close(way[2], (A.double() + B.double()) / 2)
    torch.testing.assert_close(way.diff(dim=0), ((B.double() - A.double()) / 4).expand(4, 3))


def test_a_way_of_one_step_is_its_start():
    assert torch.equal(between(A, B, 1), A[None])


def test_the_way_back_is_the_way_reversed():
    torch.testing.assert_close(between(A, B, 7), between(B, A, 7).flip(0))


def test_codes_keep_their_precision():
    assert between(A.double(), B.double(), 3).dtype == torch.float64
