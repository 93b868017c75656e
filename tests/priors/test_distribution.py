"""What priors have from their base: shapes, regions, and dimensions that do not fit."""

import pytest
import torch

from likeness.errors import UserError
from likeness.noise import SeededNoise
from likeness.priors import Categorical, Distribution, Normal, Petals, SwissRoll, Uniform
from likeness.shapes import UNLABELLED

N = 20_000
NOISE = SeededNoise((0,))
PLAIN: list[tuple[Distribution, int]] = [
    (Normal(), 3),
    (Uniform(half=2.0), 4),
    (Petals(), 2),
    (SwissRoll(thickness=0.1), 2),
    (Categorical(), 5),
]


@pytest.mark.parametrize(("prior", "dim"), PLAIN)
def test_samples_and_ways_have_the_shape_asked_for(prior: Distribution, dim: int) -> None:
    prior.check(dim)
    assert prior.sample(7, dim, NOISE).shape == (7, dim)
    assert prior.walk(3, 4, dim, NOISE).shape == (12, dim)


@pytest.mark.parametrize(("prior", "dim"), [p for p in PLAIN if p[0].region_count(p[1])])
def test_the_whole_is_the_mixture_of_its_regions(prior: Distribution, dim: int) -> None:
    regions = torch.arange(N) % prior.region_count(dim)
    whole, parts = prior.sample(N, dim, NOISE), prior.sample_in_regions(regions, dim, NOISE)
    assert torch.allclose(whole.mean(0), parts.mean(0), atol=0.05)
    assert torch.allclose(whole.std(0), parts.std(0), atol=0.05)


def test_a_label_draws_from_its_region_and_none_from_the_whole() -> None:
    labels = torch.tensor([3, UNLABELLED]).repeat_interleave(N // 2)
    codes = Categorical().sample_for_labels(labels, 5, NOISE)
    assert torch.equal(codes[: N // 2].mean(0), torch.tensor([0.0, 0, 0, 1, 0]))
    assert torch.allclose(codes[N // 2 :].mean(0), torch.full((5,), 0.2), atol=0.02)


def test_a_prior_without_regions_ignores_labels() -> None:
    codes = Normal().sample_for_labels(torch.zeros(N, dtype=torch.int64), 2, NOISE)
    assert codes.mean(0).abs().max() < 0.05


@pytest.mark.parametrize("prior", [Petals(), SwissRoll()])
def test_a_prior_in_the_plane_refuses_other_dimensions(prior: Distribution) -> None:
    with pytest.raises(UserError, match=f"{prior.name} lies in the plane, --latent is 3; use --latent 2"):
        prior.check(3)
    with pytest.raises(UserError, match=r"--code\.channels is 3; use --code\.channels 2"):
        prior.check(3, option="--code.channels")


def test_a_label_beyond_the_regions_begins_again_with_the_first() -> None:
    codes = Categorical().sample_for_labels(torch.tensor([0, 4, 5, 11]), 5, NOISE)
    assert codes.argmax(1).tolist() == [0, 4, 0, 1]


def test_codes_like_others_are_as_many_of_the_prior_in_as_many_dimensions() -> None:
    z = Categorical().sample_like(torch.zeros(40, 3), NOISE)
    assert z.shape == (40, 3)
    assert torch.equal(z.sum(1), torch.ones(40)) and z.unique().tolist() == [0, 1]


def test_only_a_prior_with_a_density_says_that_it_has_one() -> None:
    priors = [Normal(), Uniform(), Petals(), SwissRoll(), Categorical()]
    assert [p.name for p in priors if p.has_density] == ["normal", "petals"]
    assert [p.name for p in priors if p.has_closed_form_kl] == ["normal"]
    for prior in priors:
        assert (type(prior).log_prob is not Distribution.log_prob) == prior.has_density
        assert (type(prior).kl is not Distribution.kl) == prior.has_closed_form_kl
