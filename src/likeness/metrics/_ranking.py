"""How well a score puts odd images above usual ones."""

import numpy as np
from jaxtyping import Bool, Float
from sklearn.metrics import roc_auc_score
from torch import Tensor

from likeness.intervals import RESAMPLES, Interval


def auroc(scores: Float[Tensor, " n"], odd: Bool[Tensor, " n"], seed: int = 0) -> Interval:
    """The chance that an odd image scores above a usual one (area under the ROC curve), with its 95 %
    bootstrap interval, resampled within odd and usual images apart."""
    s, y = scores.double().numpy(), odd.numpy()
    rng, groups = np.random.default_rng(seed), (np.flatnonzero(y), np.flatnonzero(~y))
    draws = (np.concatenate([rng.choice(g, len(g)) for g in groups]) for _ in range(RESAMPLES))
    low, high = np.quantile([roc_auc_score(y[rows], s[rows]) for rows in draws], [0.025, 0.975])
    return Interval(float(roc_auc_score(y, s)), float(low), float(high), len(s))
