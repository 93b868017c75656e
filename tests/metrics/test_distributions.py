"""Sets of images compared in feature spaces."""

import numpy as np
import pytest
from torch import Tensor

from likeness.errors import UserError
from likeness.metrics import distributions
from likeness.metrics._sets import kernel_distance
from likeness.metrics.distributions import Distributions
from support.evaluation_data import X, evaluation_data, image_values, intervals
from support.points import points


def test_sets_are_compared_in_each_space_and_refused_where_they_are_too_small() -> None:
    space = {"mine": lambda x: x.flatten(1)[:, :3]}
    seen = evaluation_data(reconstructions=X, feature_spaces=space)
    made, whole = image_values(Distributions().measure(seen)), intervals(Distributions().measure(seen))
    assert whole["frechet[reconstructions, mine]"].mean == pytest.approx(0, abs=1e-9)
    assert float(made["coverage[reconstructions, mine]"].mean()) == 1
    assert whole["frechet[images' halves, mine]"].mean > 0.01
    assert not list(Distributions().cautions(evaluation_data(feature_spaces=space)))
    some = evaluation_data(feature_spaces={"wide": lambda x: x.flatten(1)[:, :15]})
    assert "40 images are few for 15 features of wide" in next(Distributions().cautions(some))
    assert {name.partition("[")[0] for name in made | whole} == {
        "frechet", "kernel", "precision", "recall", "density", "coverage"
    }  # fmt: skip
    with pytest.raises(UserError, match="40 images are too few for 32 features of mine"):
        dict(Distributions().measure(evaluation_data(feature_spaces={"mine": lambda x: x.flatten(1)})))


def test_reconstructions_are_compared_with_images_that_are_not_their_own() -> None:
    """Beside their own, identical copies would be nearer than another half of the images is."""
    near = [
        intervals(distributions._compare_sets("", x, x, paired=True))["kernel"]
        for x in (points(200, 16, seed) for seed in range(8))
    ]
    assert abs(np.mean([found.mean for found in near])) < 0.02
    assert kernel_distance(points(200, 16), points(200, 16)) < -0.05


def test_samples_are_not_made_where_no_space_asks_for_them() -> None:
    def refuse(n: int) -> Tensor:
        raise AssertionError("samples are slow to make")

    assert list(Distributions().measure(evaluation_data(sample_images=refuse))) == []


def test_samples_far_from_the_data_are_found_in_the_space_that_sees_it() -> None:
    """The first channel is right, the second is not."""
    shifted = X.clone()
    shifted[:, 1] += 3
    spaces = {"first": lambda x: x[:, 0, 0, :2], "second": lambda x: x[:, 1, 0, :2]}
    found = Distributions().measure(
        evaluation_data(sample_images=lambda n: shifted[:n], feature_spaces=spaces)
    )
    whole = intervals(found)
    assert whole["frechet[samples, first]"].mean == pytest.approx(0, abs=1e-9)
    assert whole["frechet[samples, second]"].mean == pytest.approx(2 * 3**2, rel=1e-4)
