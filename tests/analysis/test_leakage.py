"""Effects and leakage are what they are written down to be."""

import pytest
import torch

from likeness.analysis.leakage import MOST, Leakage, in_data, shifts

NAMES = ("a", "b", "c")


def test_a_shift_is_the_mean_over_images_without_the_attribute() -> None:
    """With a decoder that doubles each code and a reader that squares it."""
    codes = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    has = torch.tensor([[True, False], [False, False], [False, True]])
    directions = torch.tensor([[1.0, 0.0], [0.0, -1.0]])
    found = shifts(
        lambda z: (2 * z)[:, :, None, None], lambda x: x[:, :, 0, 0] ** 2, codes, directions, has
    )
    first = 4 * ((4.0**2 - 3.0**2) + (6.0**2 - 5.0**2)) / 2
    second = 4 * ((1.0**2 - 2.0**2) + (3.0**2 - 4.0**2)) / 2
    torch.testing.assert_close(found, torch.tensor([[first, 0.0], [0.0, second]]))


def test_at_most_so_many_images_are_moved() -> None:
    seen: list[int] = []

    def decode(z: torch.Tensor) -> torch.Tensor:
        seen.append(len(z))
        return z[:, :, None, None]

    codes, has = torch.zeros(MOST + 9, 2), torch.zeros(MOST + 9, 1, dtype=torch.bool)
    shifts(decode, lambda x: x[:, :, 0, 0], codes, torch.ones(1, 2), has)
    assert seen == [MOST, MOST]


def test_in_the_data_attributes_come_together() -> None:
    read = torch.tensor([[1.0, 0.5], [0.0, -0.5], [-1.0, 0.0]])
    has = torch.tensor([[True, True], [False, True], [False, False]])
    torch.testing.assert_close(in_data(read, has), torch.tensor([[1.5, 0.75], [1.5, 0.0]]))


def test_leakage_is_what_others_change_whatever_the_sign() -> None:
    effects = torch.tensor([[1.0, -0.4, 0.2], [0.1, 0.8, 0.0], [0.0, 0.0, 0.5]])
    found = Leakage(NAMES, {"plain": effects})
    torch.testing.assert_close(found.leaks("plain"), torch.tensor([0.3, 0.05, 0.0]))
    assert found.most("plain")[:2] == [("b", pytest.approx(-0.4)), ("a", pytest.approx(0.1))]
    assert found.means("plain") == (pytest.approx(2.3 / 3), pytest.approx(0.35 / 3))
