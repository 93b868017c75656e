"""Distances that a learned one is compared with are their formulas."""

import pytest
import torch

from likeness.similarity.controls import control_distances, l1, mse, ssim_distance
from support.made_images import smooth


def test_controls_are_their_formulas_and_those_that_fit_the_size() -> None:
    a, b = smooth(), smooth().flip(0)
    assert torch.allclose(mse(a, b), ((a - b) ** 2).mean((1, 2, 3)))
    assert torch.allclose(ssim_distance(a, a), torch.zeros(6), atol=1e-5)
    assert (ssim_distance(a, b) > 0.1).all()
    pixels = ["pixel MSE", "L1", "MSE blurred 5%", "MSE blurred 10%"]
    assert list(control_distances(8)) == pixels
    assert list(control_distances(28)) == [*pixels, "SSIM", "MS-SSIM, 2 scales"]
    assert list(control_distances(200)) == [*pixels, "SSIM", "MS-SSIM"]
    large = smooth(1, 176)
    assert float(control_distances(176)["MS-SSIM"](large, large)) < 1e-4


def test_the_error_of_blurred_images_forgets_fine_differences() -> None:
    fine = torch.tensor([1.0, -1.0]).repeat(8).expand(1, 1, 16, 16)
    coarse = torch.linspace(-1, 1, 16).expand(1, 1, 16, 16)
    flat = torch.zeros(1, 1, 16, 16)
    distance = control_distances(16)["MSE blurred 5%"]
    assert float(distance(fine, flat)) < 0.1 * float(mse(fine, flat))
    assert float(distance(coarse, flat)) > 0.8 * float(mse(coarse, flat))


def test_absolute_errors_are_those_of_each_pair() -> None:
    a, b = torch.zeros(2, 1, 2, 2), torch.tensor([[1.0, -1.0, 0.0, 0.0], [0.5] * 4]).view(2, 1, 2, 2)
    torch.testing.assert_close(l1(a, b), torch.tensor([0.5, 0.5]))
    torch.testing.assert_close(mse(a, b), torch.tensor([0.5, 0.25]))


def test_structure_of_two_plain_images_is_how_alike_they_are_in_brightness() -> None:
    """Wang et al. 2004, equation 13, without variances: (2 a b + c) / (a^2 + b^2 + c), c = (0.01 L)^2, of
    values from 0 to L."""
    levels = torch.tensor([[0.5, 0.5], [0.5, 0.25], [0.8, -0.4]])
    a, b = (levels[:, k].view(3, 1, 1, 1).expand(3, 1, 16, 16) for k in (0, 1))
    c = (0.01 * 2) ** 2
    levels = levels + 1
    expected = (2 * levels.prod(1) + c) / (levels.square().sum(1) + c)
    torch.testing.assert_close(ssim_distance(a, b), 1 - expected, atol=1e-4, rtol=0)


@pytest.mark.parametrize("side", [8, 28, 180])
def test_every_control_is_nought_for_the_same_image_and_more_for_another(side: int) -> None:
    a = smooth(2, side)
    for distance in control_distances(side).values():
        assert (distance(a, a).abs() < 1e-4).all()
        assert (distance(a, a.flip(0)) > 1e-3).all()
