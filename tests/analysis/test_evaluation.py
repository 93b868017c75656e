"""What is measured of a run, on which images, and where it is written."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from likeness import registry
from likeness.analysis import evaluation
from likeness.analysis.evaluation import (
    METRICS,
    Evaluation,
    EvaluationOptions,
    evaluate,
    gather,
    measure,
    select_metrics,
    write,
)
from likeness.errors import UserError
from likeness.intervals import Interval, interval
from likeness.metrics import EvaluationData, Measurements, Metric
from likeness.metrics.parzen import Parzen
from likeness.metrics.pixels import PixelError
from likeness.models.codes import load_own_data
from likeness.shapes import PerSample
from support.small_runs import Known, Models


class Mine(Metric):
    """A metric that says numbers, and a caution."""

    def __init__(self, numbers: dict[str, PerSample | Interval]) -> None:
        self.numbers = numbers

    def measure(self, data: EvaluationData) -> Measurements:
        yield from self.numbers.items()

    def cautions(self, data: EvaluationData) -> Iterator[str]:
        yield f"{len(data.images)} is a number"


def metric(**numbers: PerSample | Interval) -> Mine:
    """A metric that says these numbers."""
    return Mine(numbers)


def test_all_metrics_but_the_costly_is_measurement_unless_some_are_named() -> None:
    every, some = select_metrics(()), select_metrics(("pixels", "parzen"))
    costly = sorted({*registry.names(METRICS)} - {metric.name for metric in every})
    assert costly == ["memorisation", "parzen"]
    assert [type(metric) for metric in some] == [PixelError, Parzen]
    with pytest.raises(UserError, match="'pixel' is not among the metrics; did you mean pixels"):
        select_metrics(("pixel",))


def test_a_wrong_name_of_a_metric_is_refused_before_the_run_is_looked_for() -> None:
    with pytest.raises(UserError, match="is not among the metrics"):
        evaluate("nowhere", EvaluationOptions(metrics=("pixel",)))


def test_values_of_images_become_a_mean_with_an_interval(known: Known) -> None:
    values, whole = torch.tensor([1.0, 2.0, 6.0]), Interval(0.5, 0.4, 0.6, 9)
    found = measure(gather(known.model, EvaluationOptions()), [metric(a=values, b=whole)])
    assert found.numbers == {"a": interval(values), "b": whole}
    assert found.numbers["a"].mean == 3.0 and found.dimensions == {}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(3.0, "type float"), (torch.ones(2, 2), r"shape \(2, 2\)"), (torch.ones(()), r"shape \(\)")],
)
def test_what_is_no_number_of_images_is_refused_and_its_metric_is_named(
    wrong: Any, said: str, known: Known
) -> None:
    with pytest.raises(
        UserError, match=rf"^mine yields brightness of {said}; yield a value for each image"
    ):
        measure(gather(known.model, EvaluationOptions()), [metric(brightness=wrong)])


def test_so_few_images_and_what_a_metric_minds_are_said(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, one = gather(known.model, EvaluationOptions()), metric(a=torch.ones(3))
    said = ["4 is a number", "4 images are few: intervals from so few are themselves uncertain"]
    assert measure(seen, [one]).cautions == said
    assert measure(seen, [metric()]).cautions == said[:1], "nothing was measured of them"
    monkeypatch.setattr(evaluation, "MIN_IMAGES", 4)
    assert measure(seen, [one]).cautions == said[:1]


def test_a_split_is_measured_with_its_codes_and_reconstructions(known: Known) -> None:
    model, seen = known.model, gather(known.model, EvaluationOptions("validation"))
    split = load_own_data(model).validation
    assert torch.equal(seen.images, model.scaling.to_unit(split.images))
    assert seen.labels.tolist() == split.labels.tolist()
    assert seen.codes is not None and seen.sampled_codes is not None and seen.reconstructions is not None
    torch.testing.assert_close(seen.codes, model.encode(seen.images).mean)
    torch.testing.assert_close(seen.reconstructions, model.reconstruct(seen.images))
    assert not torch.equal(seen.sampled_codes, seen.codes)
    assert seen.load_training_images().shape[0] == 32 and seen.class_probabilities is None
    assert torch.equal(seen.sample_prior(5), model.sample_codes(5))


def test_so_many_images_are_drawn_always_the_same_and_all_where_there_are_fewer(known: Known) -> None:
    whole, some, again = (
        gather(known.model, EvaluationOptions("train", most)).images for most in (99, 10, 10)
    )
    assert (len(whole), len(some)) == (32, 10) and torch.equal(some, again)
    places = [int((whole == one).flatten(1).all(1).nonzero()[0]) for one in some]
    assert places == sorted(set(places)) and places != list(range(10))


def test_a_method_without_encoder_or_classes_has_none_of_their_evidence(gan: Known) -> None:
    seen = gather(gan.model, EvaluationOptions())
    assert (seen.codes, seen.sampled_codes, seen.reconstructions, seen.class_probabilities) == (None,) * 4
    assert seen.sample_images(3).shape == (3, 1, 6, 5)


def test_classes_found_without_labels_are_named_by_validation_images(models: Models, styled: Known) -> None:
    """Trained predictors need no names."""
    seen = gather(styled.model, EvaluationOptions("train"))
    assert (
        seen.class_probabilities is not None
        and seen.class_probabilities.shape == (32, 4)
        and seen.cluster_probabilities is None
    )
    assert seen.codes is not None and seen.codes.shape == (32, 3), "of a code with its class, the style"
    found = models(method="aae_cluster", images=40, label_count=4, classes=4).model
    clusters = gather(found, EvaluationOptions("train")).cluster_probabilities
    assert clusters is not None and clusters.shape == (4, 4)
    torch.testing.assert_close(clusters.sum(1), torch.ones(4))


def test_an_empty_split_is_refused(models: Models) -> None:
    model = models(method="ae", validation=0.0).model
    with pytest.raises(UserError, match="has no validation images; choose another --split"):
        gather(model, EvaluationOptions("validation"))


def test_other_data_is_measurement_as_they_are(known: Known, tmp_path: Path) -> None:
    other = tmp_path / "other.npz"
    np.savez(other, images=255 - known.stored)
    seen = gather(known.model, EvaluationOptions("train", data=str(other)))
    own = gather(known.model, EvaluationOptions("train"))
    torch.testing.assert_close(seen.images, -own.images)
    assert torch.equal(seen.load_training_images(), own.load_training_images()), (
        "copies are looked for in the run's own data"
    )


def test_an_evaluation_is_written_beside_the_run_and_of_other_data_under_their_name(
    known: Known, tmp_path: Path
) -> None:
    found = Evaluation({"a": Interval(1.0, 0.5, 1.5, 4)}, ["take care"], {"mean": [0.5]})
    own = write(str(known.path), found, EvaluationOptions("validation"))
    assert own == known.path / "evaluation-validation.json"
    assert json.loads(own.read_text()) == {
        "data": str(known.data), "split": "validation", "warnings": ["take care"],
        "numbers": {"a": {"mean": 1.0, "low": 0.5, "high": 1.5, "images": 4}},
        "dimensions": {"mean": [0.5]},
    }  # fmt: skip
    places = {
        write(str(known.path), found, EvaluationOptions(data=data)).name
        for data in ("here/x.npz", "there/x.npz")
    }
    assert len(places) == 2 and all(name.startswith("evaluation-x.npz-") for name in places)
