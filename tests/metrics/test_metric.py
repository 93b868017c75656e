"""What a metric is, and what those of the package have in common."""

import pytest

from likeness import registry
from likeness.metrics import EvaluationData, Measurements, Metric
from support.evaluation_data import X, evaluation_data, image_values, intervals


class Brightness(Metric):
    """A metric that defines what it must, and no more."""

    def measure(self, data: EvaluationData) -> Measurements:
        yield "brightness", data.images.mean((1, 2, 3))


def test_a_metric_that_only_measures_minds_nothing_and_is_measured_unasked() -> None:
    mine = Brightness()
    assert (
        image_values(mine.measure(evaluation_data()))["brightness"].tolist() == X.mean((1, 2, 3)).tolist()
    )
    assert not list(mine.cautions(evaluation_data())) and mine.dimension_statistics(evaluation_data()) == {}
    assert not mine.on_request and mine.name == "brightness"


@pytest.mark.parametrize("metric", registry.classes("likeness.metrics", Metric).values())
def test_every_metric_yields_a_value_for_each_image_or_a_number_of_all(metric: type[Metric]) -> None:
    found = list(metric().measure(evaluation_data(reconstructions=X)))
    assert len(image_values(iter(found))) + len(intervals(iter(found))) == len(found)
    assert all(len(values) == len(X) for values in image_values(iter(found)).values())
