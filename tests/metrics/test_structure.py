"""Structure of reconstructions, and the names of its numbers."""

import torch

from likeness.metrics import ms_ssim, scale_count
from likeness.metrics.structure import Structure
from support.evaluation_data import X, evaluation_data, image_values


def test_structure_of_an_image_is_like_itself_and_less_like_noise() -> None:
    x = torch.rand(4, 1, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1
    noisy = (x + 0.5 * torch.randn(x.shape, generator=torch.Generator().manual_seed(1))).clamp(-1, 1)
    four = {"images": x, "labels": torch.zeros(4, dtype=torch.int64), "validation_images": x[:0]}
    four |= {"validation_labels": torch.zeros(0, dtype=torch.int64)}
    same = image_values(Structure().measure(evaluation_data(**four, reconstructions=x)))["ssim"]
    less = image_values(Structure().measure(evaluation_data(**four, reconstructions=noisy)))["ssim"]
    assert torch.allclose(same, torch.ones(4)) and (less < 0.95).all()
    assert not image_values(Structure().measure(evaluation_data(reconstructions=X)))


def test_structure_at_fewer_scales_says_so() -> None:
    assert [scale_count(side) for side in (10, 11, 21, 22, 43, 44, 99, 175, 176)] == [
        0,
        1,
        1,
        2,
        2,
        3,
        4,
        4,
        5,
    ]
    random = torch.Generator().manual_seed(0)
    for side, name in ((32, "ms_ssim[2 of 5 scales]"), (176, "ms_ssim")):
        x = torch.rand(2, 1, side, side, generator=random) * 2 - 1
        noisy = (x + 0.3 * torch.randn(x.shape, generator=random)).clamp(-1, 1)
        of_two = {"images": x, "labels": torch.zeros(2, dtype=torch.int64), "validation_images": x[:0]}
        of_two["validation_labels"] = of_two["labels"][:0]
        found = image_values(Structure().measure(evaluation_data(**of_two, reconstructions=noisy)))
        assert list(found) == ["ssim", name] and bool((found[name] < 0.99).all())
        assert torch.allclose(ms_ssim(x, x), torch.ones(2), atol=1e-4)


def test_without_an_encoder_there_is_no_structure_to_compare() -> None:
    assert (
        list(
            Structure().measure(
                evaluation_data(
                    images=torch.zeros(40, 1, 16, 16), validation_images=torch.zeros(40, 1, 16, 16)
                )
            )
        )
        == []
    )
