"""Whether codes fill their prior, where the answer is known."""

import dataclasses

import torch

from likeness.metrics import prior
from likeness.metrics.prior import PriorFit
from support.evaluation_data import code_data, image_values


def test_codes_of_the_prior_itself_cannot_be_told_apart_and_leave_no_holes() -> None:
    torch.manual_seed(0)
    found = image_values(PriorFit().measure(code_data(torch.randn(4000, 2))))
    assert abs(float(found["two_sample_accuracy"].mean()) - 0.5) < 0.03
    assert abs(float(found["holes"].mean()) - 0.05) < 0.03


def test_codes_that_leave_half_of_the_prior_empty_are_found_out() -> None:
    torch.manual_seed(0)
    half = torch.randn(4000, 2)
    half[:, 0] = half[:, 0].abs()
    found = image_values(PriorFit().measure(code_data(half)))
    assert float(found["two_sample_accuracy"].mean()) > 0.7
    assert float(found["holes"].mean()) > 0.35


def test_codes_that_shrank_in_many_dimensions_are_told_from_their_prior() -> None:
    """Whose nearest neighbours are nearly all codes."""
    random = torch.Generator().manual_seed(0)
    shrunk, wide = 0.1 * torch.randn(300, 48, generator=random), torch.randn(300, 48, generator=random)
    assert float(prior.two_sample_hits(shrunk, wide).mean()) > 0.95
    same = float(
        prior.two_sample_hits(torch.randn(2000, 48, generator=random), torch.randn(2000, 48)).mean()
    )
    assert 0.44 < same < 0.56


def test_images_in_an_order_do_not_look_like_another_distribution() -> None:
    """Sorted codes of the prior itself: their halves differ, their whole does not."""
    codes = torch.randn(3000, 1, generator=torch.Generator().manual_seed(0)).sort(0).values
    measured = image_values(
        PriorFit().measure(dataclasses.replace(code_data(codes), sample_prior=lambda n: torch.randn(n, 1)))
    )
    assert 0.45 < float(measured["two_sample_accuracy"].mean()) < 0.55
    assert float(measured["holes"].mean()) < 0.1


def test_a_hole_is_farther_from_codes_than_they_are_from_each_other() -> None:
    """Codes on a line; half of the prior on it, half beside it."""
    z = torch.stack([torch.linspace(0, 1, 400)[torch.randperm(400)], torch.zeros(400)], 1)
    z_p = z.clone()
    z_p[200:300, 1] = 0.5
    found = prior.holes(z, z_p)
    assert found[:100].mean() == 1 and found[100:].mean() < 0.2


def test_halves_are_the_first_and_the_last_rows() -> None:
    (a, b), (c, d) = prior.halves(torch.arange(5.0)[:, None], torch.arange(4.0)[:, None])
    assert [x.flatten().tolist() for x in (a, b, c, d)] == [[0, 1], [0, 1], [2, 3, 4], [2, 3]]


def test_few_codes_are_not_compared_with_the_prior() -> None:
    few = torch.randn(prior.MIN_CODES, 2)
    assert len(image_values(PriorFit().measure(code_data(few)))) == 2
    assert list(PriorFit().measure(code_data(few[1:]))) == []
