"""Random distortion of images, against ways to do the same by hand."""

import torch

from likeness.distortion import distorted

X = torch.rand(6, 2, 9, 9) * 2 - 1
NONE = {"turn": 0.0, "zoom": 0.0, "shear": 0.0, "shift": 0.0}


def test_without_strength_nothing_changes() -> None:
    assert torch.allclose(distorted(X, **NONE), X, atol=1e-6)


def test_a_turn_leaves_the_middle_and_a_round_image_where_they_are() -> None:
    rows = torch.linspace(-1, 1, 65)
    disc = torch.exp(-(rows[:, None] ** 2 + rows**2) * 8).expand(5, 1, 65, 65)
    assert torch.allclose(distorted(disc, **NONE | {"turn": 180.0}), disc, atol=0.01)
    turned = distorted(X, **NONE | {"turn": 180.0})
    assert torch.allclose(turned[:, :, 4, 4], X[:, :, 4, 4], atol=1e-5)
    assert not torch.allclose(turned, X, atol=0.1)


def test_a_shear_moves_rows_and_not_the_middle_one() -> None:
    slanted = distorted(X, **NONE | {"shear": 0.5})
    assert torch.allclose(slanted[:, :, 4], X[:, :, 4], atol=1e-5)
    assert not torch.allclose(slanted[:, :, 0], X[:, :, 0], atol=0.1)


def test_a_shift_moves_what_is_there_by_as_much_for_all_channels() -> None:
    ramp = torch.arange(9.0).expand(200, 2, 9, 9) / 10
    moves = ((distorted(ramp, **NONE | {"shift": 2.0}) - ramp)[:, :, 4, 4]) * 10
    assert torch.allclose(moves[:, 0], moves[:, 1], atol=1e-5)
    assert 1.5 < moves.abs().max() <= 2.0 + 1e-5 and abs(float(moves.mean())) < 0.4


def test_a_zoom_is_a_factor_between_its_bounds() -> None:
    ramp = (torch.arange(9.0) - 4).expand(200, 1, 9, 9)
    factors = distorted(ramp, **NONE | {"zoom": 0.2})[:, 0, 4, 6] / 2
    assert 0.81 < factors.min() < 0.86 and 1.16 < factors.max() < 1.23


def test_each_image_is_distorted_otherwise_and_its_range_is_kept() -> None:
    same = X[:1].expand(6, -1, -1, -1)
    made = distorted(same, 20.0, 0.2, 0.2, 1.0)
    assert not torch.allclose(made[0], made[1])
    assert made.min() >= X.min() - 1e-5 and made.max() <= X.max() + 1e-5
