"""Random distortion of images, against ways to do the same by hand."""

import pytest
import torch

from likeness.distortion import Distortion
from likeness.noise import SeededNoise
from likeness.shapes import Shape

X = torch.rand(6, 2, 9, 9, generator=torch.Generator().manual_seed(0)) * 2 - 1
NOISE = SeededNoise((4, "view"))


def test_without_strength_nothing_changes() -> None:
    view = Distortion()
    assert view(X, NOISE) is X and not view.moves
    assert torch.allclose(view.move(X, NOISE), X, atol=1e-6)


def test_a_rotation_leaves_the_middle_and_a_round_image_where_they_are() -> None:
    rows, view = torch.linspace(-1, 1, 65), Distortion(rotation=180)
    disc = torch.exp(-(rows[:, None] ** 2 + rows**2) * 8).expand(5, 1, 65, 65)
    assert torch.allclose(view(disc, NOISE), disc, atol=0.01)
    turned = view(X, NOISE)
    assert torch.allclose(turned[:, :, 4, 4], X[:, :, 4, 4], atol=1e-5)
    assert not torch.allclose(turned, X, atol=0.1)


def test_a_shear_moves_rows_and_not_the_middle_one() -> None:
    slanted = Distortion(shear=0.5)(X, NOISE)
    assert torch.allclose(slanted[:, :, 4], X[:, :, 4], atol=1e-5)
    assert not torch.allclose(slanted[:, :, 0], X[:, :, 0], atol=0.1)


def test_a_shift_moves_what_is_there_by_as_much_for_all_channels() -> None:
    ramp = torch.arange(9.0).expand(200, 2, 9, 9) / 10
    moves = ((Distortion(shift=2)(ramp, NOISE) - ramp)[:, :, 4, 4]) * 10
    assert torch.allclose(moves[:, 0], moves[:, 1], atol=1e-5)
    assert 1.5 < moves.abs().max() <= 2.0 + 1e-5 and abs(float(moves.mean())) < 0.4


def test_a_zoom_is_a_factor_between_its_bounds() -> None:
    ramp = (torch.arange(9.0) - 4).expand(200, 1, 9, 9)
    factors = Distortion(zoom=0.2)(ramp, NOISE)[:, 0, 4, 6] / 2
    assert 0.81 < factors.min() < 0.86 and 1.16 < factors.max() < 1.23


def test_each_image_is_distorted_otherwise_and_its_range_is_kept() -> None:
    same = X[:1].expand(6, -1, -1, -1)
    made = Distortion(rotation=20, zoom=0.2, shear=0.2, shift=1)(same, NOISE)
    assert not torch.allclose(made[0], made[1])
    assert made.min() >= X.min() - 1e-5 and made.max() <= X.max() + 1e-5


def test_noise_is_of_its_strength_and_lies_on_what_was_moved() -> None:
    many = torch.zeros(500, 2, 9, 9)
    added = Distortion(noise=0.3)(many, NOISE)
    assert float(added.std()) == pytest.approx(0.3, rel=0.02) and abs(float(added.mean())) < 0.005
    both, moved = (Distortion(rotation=20, noise=n)(X, NOISE) for n in (0.3, 0.0))
    assert torch.allclose(both - moved, 0.3 * NOISE("pixels", X.shape), atol=1e-6)


def test_a_view_is_a_function_of_its_noise_and_each_part_has_that_of_the_whole() -> None:
    view = Distortion(rotation=20, zoom=0.1, shear=0.1, shift=1, noise=0.1)
    whole = view(X, NOISE)
    assert torch.equal(view(X, NOISE), whole)
    assert not torch.allclose(view(X, NOISE.of("second")), whole, atol=0.1)
    part = view(X[2:5], SeededNoise(NOISE.key, start=2, size=6))
    assert torch.allclose(part, whole[2:5], atol=1e-6)


def test_images_keep_their_precision(double: None) -> None:
    view = Distortion(rotation=20, noise=0.1)
    assert view(X.double(), NOISE).dtype == torch.float64
    assert view(X.bfloat16(), NOISE).dtype == torch.bfloat16


@pytest.mark.parametrize("how", ["rotation", "zoom", "shear", "shift", "noise"])
def test_images_can_be_distorted_in_every_way(how: str) -> None:
    view = Distortion(**{how: 1.0})
    assert view.check(Shape(2, 9, 9)) is None
    assert view.moves == (how != "noise") and not torch.allclose(view(X, NOISE), X, atol=0.01)
