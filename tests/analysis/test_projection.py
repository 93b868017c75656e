"""Codes beyond the encoder's reach: the error that is brought down, and where the search begins."""

import pytest
import torch

from likeness.analysis.projection import START_SAMPLES, ProjectionLoss, compare_projections, project_images
from likeness.errors import UserError
from likeness.losses import mean_squared_error
from likeness.runs.loading import load_metric
from support.small_metrics import images, untrained_metric
from support.small_runs import Known


def test_the_error_weighs_pixels_and_the_learned_distance() -> None:
    metric, a, b = untrained_metric(), images(3), images(3, seed=1)
    expected = 0.5 * mean_squared_error(a, b) + 2.0 * metric(a, b)
    torch.testing.assert_close(ProjectionLoss(metric, pixels=0.5, learned=2.0)(a, b), expected)
    torch.testing.assert_close(ProjectionLoss(None, pixels=0.5)(a, b), 0.5 * mean_squared_error(a, b))


def test_projected_codes_are_no_further_than_the_encoders_and_nearer_on_average(known: Known) -> None:
    model, stored, path, _ = known
    x, near = model.scaling.to_unit(stored[:4]), ProjectionLoss(load_metric(path))
    z = project_images(model, x, near, steps=15, rate=0.2)
    seen, errors = compare_projections(model, x, z, near)
    assert [len(part) for part in seen] == [4, 4, 4] and list(errors) == ["encoded", "found"]
    assert (errors["found"] <= errors["encoded"]).all()
    assert float(errors["found"].mean()) < float(errors["encoded"].mean())
    assert torch.equal(seen[0], x) and torch.equal(seen[2], model.decode(z))


def test_without_an_encoder_the_search_begins_at_the_nearest_sample_of_the_prior(gan: Known) -> None:
    model, stored, *_ = gan
    x, near = model.scaling.to_unit(stored[:3]), ProjectionLoss(None)
    start = project_images(model, x, near, steps=0)
    samples = model.decode(model.sample_codes(START_SAMPLES)).clamp(-1, 1)
    least = torch.stack([mean_squared_error(samples, one.expand_as(samples)).amin() for one in x])
    torch.testing.assert_close(near(model.decode(start).clamp(-1, 1), x), least)
    seen, errors = compare_projections(model, x, start, near)
    assert (len(seen), list(errors)) == (2, ["found"])


def test_images_of_another_shape_are_refused(known: Known) -> None:
    with pytest.raises(UserError, match=r"this model was trained on \(1, 6, 5\)"):
        project_images(
            known.model,
            torch.zeros(1, 1, 5, 6),
            ProjectionLoss(None),
        )
