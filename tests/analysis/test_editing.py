"""Arithmetic on codes."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from likeness.analysis.editing import (
    analogy,
    attribute_effects,
    chain,
    difference,
    interpolate_linearly,
    interpolate_spherically,
    lattice,
    loop,
    move_codes,
    principal_components,
    traverse,
)
from likeness.errors import UserError

A, B = torch.tensor([0.1, -2.0, 7.0]), torch.tensor([1e6, 3.0, 7.0])


@pytest.mark.parametrize("steps", [2, 3, 10, 101])
def test_the_way_has_both_its_ends_exactly(steps: int) -> None:
    way = interpolate_linearly(A, B, steps)
    assert way.shape == (steps, 3)
    assert torch.equal(way[0], A)
    assert torch.equal(way[-1], B)


def test_the_way_is_straight_and_even() -> None:
    way = interpolate_linearly(A.double(), B.double(), 5)
    torch.testing.assert_close(way[2], (A.double() + B.double()) / 2)
    torch.testing.assert_close(way.diff(dim=0), ((B.double() - A.double()) / 4).expand(4, 3))


def test_a_way_of_one_step_is_its_start() -> None:
    assert torch.equal(interpolate_linearly(A, B, 1), A[None])


def test_the_way_back_is_the_way_reversed() -> None:
    torch.testing.assert_close(interpolate_linearly(A, B, 7), interpolate_linearly(B, A, 7).flip(0))


def test_codes_keep_their_precision() -> None:
    assert interpolate_linearly(A.double(), B.double(), 3).dtype == torch.float64


def test_a_way_round_keeps_its_length_and_turns_evenly() -> None:
    a, b = torch.tensor([3.0, 0.0, 0.0]).double(), torch.tensor([0.0, 0.0, 3.0]).double()
    way = interpolate_spherically(a, b, 4)
    torch.testing.assert_close(way.norm(dim=1), torch.full((4,), 3.0).double())
    angles = torch.acos((way[:-1] * way[1:]).sum(1) / 9)
    torch.testing.assert_close(angles, torch.full((3,), torch.pi / 6).double())
    torch.testing.assert_close(way[[0, -1]], torch.stack([a, b]))


@pytest.mark.parametrize("factor", [1.0, -1.0, 0.0])
def test_where_there_is_no_circle_the_way_is_straight(factor: float) -> None:
    a = torch.tensor([1.0, 2.0])
    torch.testing.assert_close(
        interpolate_spherically(a, factor * a, 5), interpolate_linearly(a, factor * a, 5)
    )


@pytest.mark.parametrize("way", ["linear", "spherical"])
def test_a_chain_goes_through_every_code_once(way: str) -> None:
    codes = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
    whole = chain(codes, 5, way)
    assert whole.shape == (3 * 4 + 1, 3)
    torch.testing.assert_close(whole[::4], codes)


def test_an_edit_begins_and_ends_where_it_is_told() -> None:
    codes, first, last = torch.eye(3)[:2], torch.zeros(3), torch.tensor([0.0, 0.0, 2.0])
    moved = move_codes(codes, first, last, 3)
    torch.testing.assert_close(moved[[0, 3]], codes)
    torch.testing.assert_close(moved[[2, 5]], codes + last)
    torch.testing.assert_close(analogy(codes[0], codes[1], last), torch.tensor([1.0, -1.0, 2.0]))


def entangled() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Codes that two attributes which often come together move, each in its own direction."""
    random = torch.Generator().manual_seed(0)
    first = torch.rand(20_000, generator=random) < 0.5
    second = torch.where(torch.rand(20_000, generator=random) < 0.8, first, ~first)
    had = torch.stack([first, second], 1).float()
    truth = torch.tensor([[2.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    return had @ truth + 0.3 * torch.randn(20_000, 3, generator=random), had, truth


def test_effects_are_what_each_attribute_does_alone_and_differences_are_not() -> None:
    codes, had, truth = entangled()
    torch.testing.assert_close(attribute_effects(codes, had), truth, atol=0.02, rtol=0)
    plain = difference(codes, had[:, 0] > 0.5)
    torch.testing.assert_close(plain, torch.tensor([2.0, 0.6, 0.0]), atol=0.03, rtol=0)


def test_attributes_that_say_the_same_cannot_be_told_apart() -> None:
    codes, had, _ = entangled()
    with pytest.raises(UserError, match="cannot be told apart"):
        attribute_effects(codes, torch.cat([had, 1 - had[:, :1]], 1))
    with pytest.raises(UserError, match="images with it and images without it"):
        difference(codes, torch.ones(len(codes), dtype=torch.bool))


def test_principal_components_are_those_of_scikit_learn_a_deviation_long() -> None:
    wide = torch.tensor([1.0, 5.0, 2.0, 0.1])
    codes = torch.randn(500, 4, generator=torch.Generator().manual_seed(1)) * wide
    found, expected = principal_components(codes, 3), PCA(3).fit(codes.numpy())
    torch.testing.assert_close(found.mean, codes.mean(0))
    lengths = found.directions.norm(dim=1)
    np.testing.assert_allclose(lengths, np.sqrt(expected.explained_variance_), rtol=1e-4)
    same = (found.directions / lengths[:, None]).numpy() * expected.components_
    np.testing.assert_allclose(np.abs(same.sum(1)), 1, rtol=1e-4)


def test_a_loop_comes_back_and_does_not_repeat_its_start() -> None:
    codes = torch.randn(3, 2, generator=torch.Generator().manual_seed(0))
    way = loop(codes, 4, "linear")
    assert way.shape == (3 * 4, 2)
    torch.testing.assert_close(way[::4], codes)
    torch.testing.assert_close(way[9], codes[2] + (codes[0] - codes[2]) / 4)


def test_a_traversal_goes_as_far_backwards_as_onwards_along_each_direction() -> None:
    codes, directions = torch.tensor([[0.0, 1.0], [5.0, 5.0]]), torch.tensor([[1.0, 0.0], [0.0, 2.0]])
    found = traverse(codes, directions, 3.0, 3).reshape(2, 2, 3, 2)
    for code, of_code in zip(codes, found):
        for direction, way in zip(directions, of_code):
            torch.testing.assert_close(way, torch.stack([code - 3 * direction, code, code + 3 * direction]))


def test_a_lattice_goes_across_within_each_row() -> None:
    across, down = torch.tensor([[0.0, 0.0], [1.0, 0.0]]), torch.tensor([[0.0, 0.0], [0.0, 10.0]])
    found = lattice(torch.tensor([5.0, 5.0]), across, down)
    assert found.tolist() == [[5.0, 5.0], [6.0, 5.0], [5.0, 15.0], [6.0, 15.0]]
