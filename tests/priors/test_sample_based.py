"""What is drawn from codes that are known."""

import torch

from likeness.noise import SeededNoise
from likeness.priors import Empirical, SampleBasedPrior, Sampler

NOISE = SeededNoise((0,))


class Three(SampleBasedPrior):
    """Three codes, whatever the dimensions."""

    def rows(self, dim: int, option: str = "--latent") -> torch.Tensor:
        return torch.eye(3, dim, dtype=torch.float64)


def test_rows_are_drawn_as_often_as_one_another_in_the_default_precision() -> None:
    z = Three().sample(30_000, 3, NOISE)
    assert z.dtype == torch.get_default_dtype()
    assert torch.allclose(z.mean(0), torch.full((3,), 1 / 3), atol=0.015)
    assert torch.equal(z, Three().sample(30_000, 3, NOISE))


def test_codes_that_are_known_are_no_factor_of_a_product() -> None:
    assert not Three.can_be_factor and not Empirical.can_be_factor and not Sampler.can_be_factor
