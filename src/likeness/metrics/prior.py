"""Fit of the aggregated posterior to the prior: a two-sample test, and the share of holes."""

import torch
from jaxtyping import Float
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from likeness.metrics._evaluation_data import EvaluationData, Measurements
from likeness.metrics._metric import Metric
from likeness.shapes import Codes

MIN_CODES = 60
"""Least number of codes that are compared with the prior."""
TREE_COUNT, MIN_LEAF_SAMPLES = 100, 5
"""Number of trees of the random forest, and least number of codes in each of their leaves."""
HOLE_QUANTILE = 0.95
"""Quantile of distances between codes beyond which a prior sample is in a hole."""


class PriorFit(Metric):
    """Accuracy of a two-sample test of codes and prior, and the share of prior samples in holes.

    `two_sample_accuracy`: 0.5 for equal distributions, 1 for disjoint ones. `holes`: the share of prior
    samples farther from any code than 95 % of other codes are; 0.05 if there are no holes.
    """

    def measure(self, data: EvaluationData) -> Measurements:
        if data.sampled_codes is None or len(data.sampled_codes) < MIN_CODES:
            return
        order = torch.randperm(len(data.sampled_codes), generator=torch.Generator().manual_seed(0))
        z, z_p = data.sampled_codes[order], data.sample_prior(len(order))  # halves of a sorted split differ
        yield "two_sample_accuracy", two_sample_hits(z, z_p)
        yield "holes", holes(z, z_p)


def two_sample_hits(z: Codes, z_p: Codes) -> Float[Tensor, " tested"]:
    """1 for each code of the second halves that a random forest, fitted to the first halves, assigns to the
    right set, else 0 (Lopez-Paz and Oquab 2017).

    Nearest neighbours would not do: in many dimensions codes that shrank are the neighbours of all others.
    """
    (fit, fit_p), (tested, tested_p) = halves(z, z_p)
    x, y = torch.cat([fit, fit_p]), [0] * len(fit) + [1] * len(fit_p)
    forest = RandomForestClassifier(TREE_COUNT, min_samples_leaf=MIN_LEAF_SAMPLES, random_state=0)
    forest.fit(x.numpy(), y)
    hits = [forest.predict(tested.numpy()) == 0, forest.predict(tested_p.numpy()) == 1]
    return torch.cat([torch.from_numpy(h).float() for h in hits])


def holes(z: Codes, z_p: Codes) -> Float[Tensor, " tested"]:
    """1 for each prior sample in a hole, else 0: farther from the first half of the codes than 95 % of the
    second half are."""
    (reference, _), (others, tested) = halves(z, z_p)
    neighbours = NearestNeighbors(n_neighbors=1).fit(reference.numpy())
    code_distances = torch.from_numpy(neighbours.kneighbors(others.numpy())[0][:, 0])
    sample_distances = torch.from_numpy(neighbours.kneighbors(tested.numpy())[0][:, 0])
    return (sample_distances > torch.quantile(code_distances, HOLE_QUANTILE)).float()


def halves(*codes: Float[Tensor, "_ d"]) -> list[list[Tensor]]:
    """The first halves of sets of codes, and the second halves."""
    middle = [len(c) // 2 for c in codes]
    return [[c[:m] for c, m in zip(codes, middle)], [c[m:] for c, m in zip(codes, middle)]]
