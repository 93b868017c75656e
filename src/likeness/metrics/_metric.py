"""The base class of metrics.

To add a metric: a file beside this with one subclass; its name on the command line is that of the file.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from likeness.metrics._evaluation_data import EvaluationData, Measurements
from likeness.registry import Entry


class Metric(Entry, ABC):
    """A measurement of a model on images that it was not trained on."""

    on_request: ClassVar[bool] = False
    """Whether the metric is measured only if it is requested by name."""

    @abstractmethod
    def measure(self, data: EvaluationData) -> Measurements:
        """Yield names, each with one value per image (n,), or with a number of all images and its interval.

        Yields nothing if the data lack an input of the metric.
        """

    def cautions(self, data: EvaluationData) -> Iterator[str]:
        """Reasons why numbers are missing or unreliable, one sentence each."""
        return iter(())

    def dimension_statistics(self, data: EvaluationData) -> dict[str, list[float]]:
        """Statistics of the codes by name, each with one number per dimension."""
        return {}
