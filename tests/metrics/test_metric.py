"""What a metric is, and what those of the package have in common."""

import pytest

from likeness import registry
from likeness.metrics import Evidence, Measured, Metric
from support.evidence import X, as_a_whole, evidence, per_image


class Brightness(Metric):
    """A metric that defines what it must, and no more."""

    def measure(self, evidence: Evidence) -> Measured:
        yield "brightness", evidence.images.mean((1, 2, 3))


def test_a_metric_that_only_measures_minds_nothing_and_is_measured_unasked() -> None:
    mine = Brightness()
    assert per_image(mine.measure(evidence()))["brightness"].tolist() == X.mean((1, 2, 3)).tolist()
    assert not list(mine.cautions(evidence())) and mine.dimensions(evidence()) == {}
    assert not mine.on_request and mine.name == "brightness"


@pytest.mark.parametrize("metric", registry.classes("likeness.metrics", Metric).values())
def test_every_metric_yields_a_value_for_each_image_or_a_number_of_all(metric: type[Metric]) -> None:
    found = list(metric().measure(evidence(reconstructions=X)))
    assert len(per_image(iter(found))) + len(as_a_whole(iter(found))) == len(found)
    assert all(len(values) == len(X) for values in per_image(iter(found)).values())
