"""Errors of features, as shares of those between images."""

import pytest
import torch

from likeness.batching import MAX_BATCH
from likeness.metrics import features
from likeness.metrics.features import FeatureError
from support.evaluation_data import X, evaluation_data, image_values


def test_feature_errors_are_nought_for_the_image_and_one_for_another() -> None:
    judge = {"run": lambda x: [x * 100, x[:, :1]]}
    same = image_values(FeatureError().measure(evaluation_data(reconstructions=X, discriminators=judge)))[
        "feature_error[run]"
    ]
    other = image_values(
        FeatureError().measure(evaluation_data(reconstructions=X.roll(1, 0), discriminators=judge))
    )
    assert same.max() == 0 and float(other["feature_error[run]"].mean()) == pytest.approx(1.0, abs=1e-5)


def test_a_distance_is_the_sum_over_layers_of_the_mean_over_features() -> None:
    y = X.roll(1, 0)
    square = (X - y).double() ** 2
    expected = square.mean((1, 2, 3)) + 9 * square[:, 0, 0].mean(1)
    found = features.feature_distance(lambda x: [x, 3 * x[:, 0, 0]], X, y)
    assert torch.allclose(found.double(), expected, rtol=1e-5)


def test_parts_in_which_images_are_looked_at_do_not_change_their_distance() -> None:
    x = torch.randn(MAX_BATCH + 3, 1, 4, 4)
    many = features.feature_distance(lambda x: [x.cumsum(2)], x, x.roll(1, 0))
    one = torch.cat(
        [
            features.feature_distance(lambda x: [x.cumsum(2)], a[None], b[None])
            for a, b in zip(x, x.roll(1, 0))
        ]
    )
    assert len(one) == MAX_BATCH + 3 and torch.allclose(one, many, rtol=1e-5)


def test_the_scale_of_features_does_not_count() -> None:
    judges = {"one": lambda x: [x], "large": lambda x: [1000 * x]}
    found = image_values(
        FeatureError().measure(evaluation_data(reconstructions=X * 0.5, discriminators=judges))
    )
    assert torch.allclose(found["feature_error[one]"], found["feature_error[large]"], rtol=1e-5)
    assert found["feature_error[one]"].min() > 0
