"""Distortions do what they are called, and studies answer what they ask, against SciPy and by hand."""

import numpy as np
import pytest
import torch
from scipy import ndimage, stats
from torch import Tensor

from likeness.analysis import metric_questions
from likeness.shapes import UNLABELLED
from likeness.similarity.controls import controls, l1, mse, one_less_ssim
from likeness.similarity.distortions import DISTORTIONS, LEVELS, blur, contrast, moved, occlusion, turned


def smooth(n: int = 6, side: int = 24) -> Tensor:
    """Smooth images of two channels in [-1, 1]."""
    noise = np.random.default_rng(0).normal(size=(n, 2, side, side))
    x = ndimage.gaussian_filter(noise, (0, 0, 2, 2))
    return torch.from_numpy(x / np.abs(x).max()).float()


@pytest.mark.parametrize("name", list(DISTORTIONS))
def test_more_severe_is_farther_from_the_image(name: str) -> None:
    x = smooth()
    far = torch.stack([mse(x, DISTORTIONS[name](x, level)) for level in LEVELS])
    assert (far.diff(dim=0) > 0).float().mean() > 0.9 and far[0].min() > 0
    assert DISTORTIONS[name](x, 1.0).abs().max() <= 1 + 1e-5


def test_a_move_is_by_whole_pixels_and_a_turn_around_the_middle() -> None:
    x = smooth()
    assert torch.equal(moved(x, 3)[:, :, :, 3:], x[:, :, :, :-3])
    assert torch.allclose(turned(x, 90.0), torch.rot90(x, -1, (2, 3)), atol=1e-5) or torch.allclose(
        turned(x, 90.0), torch.rot90(x, 1, (2, 3)), atol=1e-5
    )
    there_and_back = turned(turned(x, 20.0), -20.0)[:, :, 6:-6, 6:-6]
    assert (there_and_back - x[:, :, 6:-6, 6:-6]).abs().mean() < 0.03


def test_a_blur_is_a_gaussian_filter() -> None:
    x = smooth()
    expected = ndimage.gaussian_filter(x.numpy(), (0, 0, 1.2, 1.2), mode="nearest", truncate=4 / 1.2)
    assert np.abs(blur(x, 0.5).numpy() - expected).max() < 0.01


def test_contrast_keeps_means_and_occlusion_hides_half_at_most() -> None:
    x = smooth() + 0.01
    assert torch.allclose(contrast(x, 0.7).mean((1, 2, 3)), x.mean((1, 2, 3)), atol=1e-6)
    hidden = (occlusion(x, 1.0) == 0).float().mean()
    assert 0.4 < float(hidden) < 0.55


def test_rank_correlations_are_those_of_scipy_with_ties_too() -> None:
    random = np.random.default_rng(1)
    a, b = random.integers(0, 4, (20, 9)), random.normal(size=(20, 9)).round(1)
    found = metric_questions.spearman(torch.from_numpy(a).float(), torch.from_numpy(b).float())
    expected = [stats.spearmanr(p, q).statistic for p, q in zip(a, b)]
    assert np.allclose(found, expected, atol=1e-5)


def test_growth_is_one_for_pixels_under_noise_and_nought_for_a_distance_that_sees_nothing() -> None:
    x = smooth()
    assert torch.allclose(metric_questions.growth(mse, x, "noise"), torch.ones(6), atol=1e-6)
    assert torch.equal(
        metric_questions.growth(lambda a, b: torch.zeros(len(a)), x, "noise"), torch.zeros(6)
    )
    assert torch.allclose(
        metric_questions.growth(lambda a, b: -mse(a, b), x, "noise"), -torch.ones(6), atol=1e-6
    )


def test_a_choice_is_right_where_the_changed_copy_is_nearer() -> None:
    x = smooth()
    far, near = -x, x + 1e-4
    assert metric_questions.right_choices(mse, x, far, "one pixel to the right").tolist() == [1.0] * 6
    assert metric_questions.right_choices(mse, x, near, "one pixel to the right").tolist() == [0.0] * 6


def test_the_other_image_is_of_the_same_class_where_there_is_one() -> None:
    labels = torch.tensor([0, 1, 0, 2, UNLABELLED, 1, UNLABELLED, 0])
    chosen = metric_questions.others_of_the_class(labels)
    assert (chosen != torch.arange(8)).all()
    for k in (0, 1, 2, 5, 7):
        assert labels[chosen[k]] == labels[k]
    assert chosen[4] == 5 and chosen[3] == 4


def test_neighbours_are_the_nearest_others() -> None:
    x = smooth()
    distances = metric_questions.pairwise(l1, x)
    assert torch.allclose(distances, distances.T, atol=1e-6)
    found = metric_questions.neighbours(distances, 2)
    for k in range(6):
        by_hand = sorted((float(l1(x[k : k + 1], x[j : j + 1])), j) for j in range(6) if j != k)
        assert found[k].tolist() == [j for _, j in by_hand[:2]]
    labels = torch.tensor([0, 0, 1, 1, 2, 2])
    expected = [np.mean([labels[j] == labels[k] for j in found[k]]) for k in range(6)]
    assert np.allclose(metric_questions.precision(found, labels), expected)


def test_agreement_is_one_for_a_monotone_change_and_its_interval_holds_it() -> None:
    a = torch.rand(80, generator=torch.Generator().manual_seed(0))
    assert metric_questions.agreement(a, a.exp()).mean == pytest.approx(1)
    found = metric_questions.agreement(a, a + torch.rand(80, generator=torch.Generator().manual_seed(1)))
    assert found.low < found.mean < found.high < 1


def test_controls_are_their_formulas_and_those_that_fit_the_size() -> None:
    a, b = smooth(), smooth().flip(0)
    assert torch.allclose(mse(a, b), ((a - b) ** 2).mean((1, 2, 3)))
    assert torch.allclose(one_less_ssim(a, a), torch.zeros(6), atol=1e-5)
    assert (one_less_ssim(a, b) > 0.1).all()
    assert list(controls(8)) == ["pixel MSE", "L1"]
    assert list(controls(28)) == ["pixel MSE", "L1", "SSIM", "MS-SSIM, 2 scales"]
    assert list(controls(200)) == ["pixel MSE", "L1", "SSIM", "MS-SSIM"]
    large = smooth(1, 176)
    assert float(controls(176)["MS-SSIM"](large, large)) < 1e-4
