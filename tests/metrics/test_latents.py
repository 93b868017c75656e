"""What codes are like, against what they were made to be."""

import dataclasses

import pytest
import torch

from likeness.metrics import latents
from likeness.metrics.latents import Latents
from support.evaluation_data import code_data, evaluation_data, intervals


def test_codes_that_say_next_to_nothing_are_told() -> None:
    torch.manual_seed(0)
    noise, signal = torch.randn(200, 3), torch.randn(200, 3)
    alive = torch.tensor([0.1, 0.1, 2.0])  # one dimension that says something is enough
    for means, drawn, told in (
        (0.1 * signal, 0.1 * signal + noise, True),
        (alive * signal, alive * signal + noise, False),
        (signal, signal, False),
    ):
        said = list(Latents().cautions(dataclasses.replace(code_data(means), sampled_codes=drawn)))
        assert bool(said) == told and all("nearly noise" in line for line in said)


def test_codes_are_counted_where_they_are_active_and_measured_where_they_lie() -> None:
    random = torch.Generator().manual_seed(3)
    means = torch.randn(800, 5, generator=random) * torch.tensor([0.9, 0.9, 0.9, 0.02, 0.0])
    z = means + torch.tensor([0.4, 0.4, 0.4, 1.0, 1.0]) * torch.randn(800, 5, generator=random)
    seen = dataclasses.replace(
        code_data(means), sampled_codes=z, sample_prior=lambda n: torch.randn(n, 5, generator=random)
    )
    found = intervals(Latents().measure(seen))
    assert found["active_units"] == (3, 3, 3, 800)
    assert found["code_std"].mean == pytest.approx(float(z.numpy().std()), rel=1e-3)
    assert found["code_scaling_factor"].mean == pytest.approx(1 / found["code_std"].mean)
    assert found["code_mean"].low < 0 < found["code_mean"].high
    assert abs(found["kernel[codes, prior]"].mean) < 0.1
    per = Latents().dimension_statistics(seen)
    assert per["std_of_means"][3] < 0.03 and per["std"][4] == pytest.approx(1, abs=0.1)
    shifted = intervals(Latents().measure(dataclasses.replace(seen, sampled_codes=z + 1)))
    assert shifted["frechet[codes, prior]"].mean - found["frechet[codes, prior]"].mean > 3
    few = dataclasses.replace(code_data(means[:8]), sample_prior=seen.sample_prior)
    assert "8 codes of 5 dimensions are too few" in next(Latents().cautions(few))
    assert "frechet[codes, prior]" not in dict(Latents().measure(few))


@pytest.mark.parametrize(("spread", "expected"), [(1.0, 3), (1000.0, 2)])
def test_a_dimension_is_active_from_a_hundredth_of_the_priors_variance_on(
    spread: float, expected: int
) -> None:
    means = torch.tensor([-1.0, 1.0]).repeat(50)[:, None] * torch.tensor([100.0, 10.0, 0.2, 0.05])
    assert latents.active_unit_count(means, torch.full((4,), spread)) == expected


def test_each_dimension_has_a_mean_and_spreads_of_its_own() -> None:
    means = torch.randn(50, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 2.0, 3.0])
    found = Latents().dimension_statistics(dataclasses.replace(code_data(means), sampled_codes=means + 5))
    assert found["mean"] == pytest.approx((means.mean(0) + 5).tolist(), abs=1e-5)
    assert found["std"] == found["std_of_means"] == pytest.approx(means.std(0).tolist(), abs=1e-5)


def test_without_codes_nothing_is_said_of_them() -> None:
    none = evaluation_data(codes=None)
    assert Latents().dimension_statistics(none) == {} and not [
        *Latents().measure(none),
        *Latents().cautions(none),
    ]
