"""Error rate of a classifier, or of clusters by the rule of Makhzani et al. 2015."""

from collections.abc import Iterator

from jaxtyping import Int
from torch import Tensor

from likeness.metrics._evaluation_data import EvaluationData, Measurements
from likeness.metrics._metric import Metric
from likeness.shapes import UNLABELLED, Labels, Probabilities


class ClassError(Metric):
    """Classification or clustering error in percent over labelled images.

    A cluster takes the label of the validation image with its highest probability (section 6).
    """

    def measure(self, data: EvaluationData) -> Measurements:
        labelled = data.labels != UNLABELLED
        if data.class_probabilities is None or not labelled.any():
            return
        predictions, kind = data.class_probabilities[labelled].argmax(1), "classification"
        if data.cluster_probabilities is not None:
            if not _has_validation_labels(data):
                return
            names = cluster_labels(data.cluster_probabilities, data.validation_labels)
            predictions, kind = names[predictions], "clustering"
        yield f"{kind}_error_percent", 100.0 * (predictions != data.labels[labelled])

    def cautions(self, data: EvaluationData) -> Iterator[str]:
        if data.cluster_probabilities is not None and not _has_validation_labels(data):
            yield (
                "the error of clusters is not known, because they take the labels of validation images and "
                "none is labelled; train with a larger --validation"
            )


def _has_validation_labels(data: EvaluationData) -> bool:
    return bool((data.validation_labels != UNLABELLED).any())


def cluster_labels(probabilities: Probabilities, labels: Labels) -> Int[Tensor, " k"]:
    """Labels of clusters (k,): that of the labelled image with the highest probability of the cluster."""
    labelled = labels != UNLABELLED
    most_probable = probabilities[labelled].argmax(0)
    return labels[labelled][most_probable]
