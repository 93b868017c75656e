"""Whether the aggregated posterior fills the prior: a two-sample test, and a score of holes."""

import torch
from jaxtyping import Float
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from likeness.metrics._evidence import Evidence, Measured
from likeness.metrics._metric import Metric
from likeness.shapes import Codes

FEWEST = 60
"""Codes that are too few to ask."""
TREES, LEAF = 100, 5
RARE = 0.95


class PriorFit(Metric):
    """`two_sample_accuracy`: 0.5 where codes and prior cannot be told apart, 1 where they are apart.
    `holes`: the share of prior samples farther from any code than 95 % of other codes are; 0.05 where
    there are none.
    """

    def measure(self, evidence: Evidence) -> Measured:
        if evidence.drawn is None or len(evidence.drawn) < FEWEST:
            return
        mixed = torch.randperm(len(evidence.drawn), generator=torch.Generator().manual_seed(0))
        z, z_p = evidence.drawn[mixed], evidence.prior(len(mixed))  # halves of a sorted split are not alike
        yield "two_sample_accuracy", told_apart(z, z_p)
        yield "holes", holes(z, z_p)


def told_apart(z: Codes, z_p: Codes) -> Float[Tensor, " seen"]:
    """1 where a random forest tells rightly which of the two a code of the second half is from
    (Lopez-Paz and Oquab 2017). Nearest neighbours would not do: in many dimensions codes that shrank
    are the neighbours of everything."""
    (fit, fit_p), (seen, seen_p) = halves(z, z_p)
    teach = torch.cat([fit, fit_p]), [0] * len(fit) + [1] * len(fit_p)
    judge = RandomForestClassifier(TREES, min_samples_leaf=LEAF, random_state=0)
    judge.fit(teach[0].numpy(), teach[1])
    right = [judge.predict(seen.numpy()) == 0, judge.predict(seen_p.numpy()) == 1]
    return torch.cat([torch.from_numpy(r).float() for r in right])


def holes(z: Codes, z_p: Codes) -> Float[Tensor, " seen"]:
    """1 for a prior sample in a hole: farther from the first half of the codes than 95 % of the rest."""
    (reference, _), (others, seen) = halves(z, z_p)
    nearest = NearestNeighbors(n_neighbors=1).fit(reference.numpy())
    usual = torch.from_numpy(nearest.kneighbors(others.numpy())[0][:, 0])
    mine = torch.from_numpy(nearest.kneighbors(seen.numpy())[0][:, 0])
    return (mine > torch.quantile(usual, RARE)).float()


def halves(*codes: Float[Tensor, "_ d"]) -> list[list[Tensor]]:
    """The first halves of sets of codes, and the second."""
    middle = [len(c) // 2 for c in codes]
    return [[c[:m] for c, m in zip(codes, middle)], [c[m:] for c, m in zip(codes, middle)]]
