"""Structural similarity against closed forms, at one scale and at several."""

import pytest
import pytorch_msssim
import torch
from torch import Tensor

from likeness.metrics import ms_ssim, scale_count, ssim
from likeness.metrics._structural import SCALE_WEIGHTS


def flat(value: float, side: int = 16) -> Tensor:
    """Two images of one value."""
    return torch.full((2, 1, side, side), value)


def luminance(a: float, b: float) -> float:
    """Of images of one value each, in [0, 2]: (2 a b + C) / (a^2 + b^2 + C), C = (0.01 * 2)^2 (Wang et al.
    2004)."""
    a, b = a + 1, b + 1
    return (2 * a * b + 0.02**2) / (a**2 + b**2 + 0.02**2)


@pytest.mark.parametrize(("a", "b"), [(0.2, 0.6), (0.5, -0.5), (0.0, 1.0)])
def test_of_flat_images_the_means_alone_count(a: float, b: float) -> None:
    assert ssim(flat(a), flat(b)).tolist() == pytest.approx([luminance(a, b)] * 2, abs=1e-4)


def test_of_flat_images_at_two_scales_the_coarser_weighs_as_its_share() -> None:
    """Contrast and structure are one at each scale; luminance counts at the last."""
    share = SCALE_WEIGHTS[1] * sum(SCALE_WEIGHTS) / (SCALE_WEIGHTS[0] + SCALE_WEIGHTS[1])
    found = ms_ssim(flat(0.2, 32), flat(0.6, 32))
    assert found.tolist() == pytest.approx([luminance(0.2, 0.6) ** share] * 2, abs=1e-4)


@pytest.mark.parametrize(("side", "channels"), [(28, 1), (32, 3), (64, 3)])
def test_similarity_is_that_of_another_library(side: int, channels: int) -> None:
    """pytorch-msssim: the published formula, valid region, images from 0 to L."""
    random = torch.Generator().manual_seed(side)
    a = torch.rand(4, channels, side, side, generator=random) * 2 - 1
    b = (a + 0.3 * torch.randn(a.shape, generator=random)).clamp(-1, 1)
    theirs = pytorch_msssim.ssim(a + 1, b + 1, data_range=2.0, size_average=False)
    assert torch.allclose(ssim(a, b), theirs, atol=1e-4)


def test_similarity_at_five_scales_is_that_of_another_library() -> None:
    a = torch.rand(2, 1, 192, 192, generator=torch.Generator().manual_seed(0)) * 2 - 1
    b = (a + 0.5 * torch.randn(a.shape, generator=torch.Generator().manual_seed(1))).clamp(-1, 1)
    theirs = pytorch_msssim.ms_ssim(a + 1, b + 1, data_range=2.0, size_average=False)
    assert torch.allclose(ms_ssim(a, b), theirs, atol=1e-4)


def test_similarity_has_no_direction_and_is_of_each_pair_alone() -> None:
    a, b = torch.rand(2, 3, 2, 24, 24, generator=torch.Generator().manual_seed(0)) * 2 - 1
    assert torch.allclose(ssim(a, b), ssim(b, a), atol=1e-6)
    assert torch.allclose(ms_ssim(a, b), torch.cat([ms_ssim(p[None], q[None]) for p, q in zip(a, b)]))


def test_a_window_fits_into_the_coarsest_scale_and_into_no_coarser() -> None:
    for side in range(11, 176):
        count = scale_count(side)
        assert side // 2 ** (count - 1) >= 11, "a window does not fit"
        assert scale_count(side + 1) >= count
