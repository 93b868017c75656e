"""The uniform distribution of one-hot codes: Makhzani et al. 2015, section 5."""

import torch
import torch.nn.functional as F

from likeness.noise import Noise
from likeness.priors._distribution import Distribution
from likeness.settings import settings
from likeness.shapes import Codes, Labels


@settings
class Categorical(Distribution):
    """One-hot codes, each with the same probability; each dimension is a region."""

    def region_count(self, dim: int) -> int:
        return dim

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self.sample_in_regions(noise.integers("class", dim, n), dim, noise)

    def sample_in_regions(self, regions: Labels, dim: int, noise: Noise) -> Codes:
        return F.one_hot(regions, dim).to(torch.get_default_dtype())
