"""What a metric is: numbers, one for each image or of all together, of what a model makes of images.

To add one: a file beside this, with one subclass; its name is the file's, on the command line too.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from likeness.metrics._evidence import Evidence, Measured
from likeness.registry import Entry


class Metric(Entry, ABC):
    """What is measured of a model by images that it never saw."""

    on_request: ClassVar[bool] = False
    """Whether it is measured only where it is asked for by name."""

    @abstractmethod
    def measure(self, evidence: Evidence) -> Measured:
        """Names, each with a value for each image (n,), or with a number of all and its interval; nothing
        where the evidence that it needs is not there."""

    def cautions(self, evidence: Evidence) -> Iterator[str]:
        """Why its numbers are not to be relied on, a sentence each."""
        return iter(())

    def dimensions(self, evidence: Evidence) -> dict[str, list[float]]:
        """Numbers of each dimension of the codes, by name."""
        return {}
