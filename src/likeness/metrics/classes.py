"""How often classes are wrong: of a classifier, or of clusters by the rule of Makhzani et al. 2015."""

from collections.abc import Iterator

from jaxtyping import Int
from torch import Tensor

from likeness.metrics._evidence import Evidence, Measured
from likeness.metrics._metric import Metric
from likeness.shapes import UNLABELLED, Labels, Probabilities


class ClassError(Metric):
    """Error in percent over labelled images.

    A cluster takes the label of the validation image that is most surely in it (section 6).
    """

    def measure(self, evidence: Evidence) -> Measured:
        known = evidence.labels != UNLABELLED
        if evidence.probabilities is None or not known.any():
            return
        said, kind = evidence.probabilities[known].argmax(1), "classification"
        if evidence.clusters is not None:
            if not _nameable(evidence):
                return
            said, kind = clusters_named(evidence.clusters, evidence.validation_labels)[said], "clustering"
        yield f"{kind}_error_percent", 100.0 * (said != evidence.labels[known])

    def cautions(self, evidence: Evidence) -> Iterator[str]:
        if evidence.clusters is not None and not _nameable(evidence):
            yield (
                "the error of clusters is not known, because they take the labels of validation images and "
                "none is labelled; train with a larger --validation"
            )


def _nameable(evidence: Evidence) -> bool:
    return bool((evidence.validation_labels != UNLABELLED).any())


def clusters_named(probabilities: Probabilities, labels: Labels) -> Int[Tensor, " k"]:
    """The label of each cluster: that of the labelled image with the highest probability of it."""
    known = labels != UNLABELLED
    surest = probabilities[known].argmax(0)
    return labels[known][surest]
