"""Questions asked of a distance are answered as SciPy answers them, or as by hand."""

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor

from likeness.analysis import metric_questions
from likeness.similarity.controls import l1, mse
from likeness.similarity.distortions import DISTORTIONS
from support.made_images import smooth


def test_rank_correlations_are_those_of_scipy_with_ties_too() -> None:
    random = np.random.default_rng(1)
    a, b = random.integers(0, 4, (20, 9)), random.normal(size=(20, 9)).round(1)
    found = metric_questions.spearman(torch.from_numpy(a).float(), torch.from_numpy(b).float())
    expected = np.array([stats.spearmanr(p, q) for p, q in zip(a, b)])[:, 0]
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


def test_a_choice_is_right_where_the_distorted_copy_is_nearer() -> None:
    x = smooth()
    kinds = {"blur": DISTORTIONS["blur"], "noise": DISTORTIONS["noise"]}
    assert metric_questions.right_choices(mse, x, -x - 9, kinds).tolist() == [[1.0, 1.0]] * 6
    assert metric_questions.right_choices(mse, x, x + 1e-4, kinds).tolist() == [[0.0, 0.0]] * 6


def test_pairwise_distances_of_a_metric_with_embeddings_are_those_of_its_pairs() -> None:
    class Embedding:
        """Pixel error, by an embedding."""

        def __call__(self, a: Tensor, b: Tensor) -> Tensor:
            return (a - b).square().flatten(1).sum(1)

        def embed(self, x: Tensor) -> Tensor:
            return x.flatten(1)

    x, distance = smooth(), Embedding()
    slow = metric_questions.pairwise(lambda a, b: distance(a, b), x)
    torch.testing.assert_close(metric_questions.pairwise(distance, x), slow, atol=1e-3, rtol=1e-4)


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
