"""Linear maps of features against their definitions."""

import torch

from likeness.similarity.views import Views
from likeness.similarity.whitening import (
    covariance_under_views,
    principal_components,
    relevant_components,
    whitening_matrix,
)
from support.made_images import smooth


def test_whitening_makes_a_covariance_the_identity() -> None:
    rows = torch.randn(500, 6, generator=torch.Generator().manual_seed(0)) @ torch.randn(6, 6)
    covariance = rows.T @ rows / 500
    W = whitening_matrix(covariance, ridge=0.0)
    torch.testing.assert_close(W @ covariance @ W, torch.eye(6), atol=1e-3, rtol=0)
    torch.testing.assert_close(W, W.T)


def test_a_ridge_bounds_what_constant_features_are_multiplied_with() -> None:
    W = whitening_matrix(torch.diag(torch.tensor([1.0, 0.0])))
    assert torch.isfinite(W).all() and float(W[1, 1]) < 6


def test_features_that_views_do_not_change_have_no_covariance_under_them() -> None:
    x = smooth(8)
    still = Views(rotation=0, shift=0, zoom=0, contrast=0, gamma=0, blur=0, noise=0, occlusion=0)
    none = covariance_under_views(lambda v: v.mean((2, 3)), x, still)
    some = covariance_under_views(lambda v: v.mean((2, 3)), x, Views())
    assert float(none.abs().max()) < 1e-9 < 1e-3 < float(some.diagonal().min())


def test_what_views_change_counts_less_than_what_they_keep() -> None:
    total = torch.randn(400, 2, generator=torch.Generator().manual_seed(0))
    M = relevant_components(torch.diag(torch.tensor([1.0, 0.01])), total)
    assert float(M[1, 1]) > 2 * float(M[0, 0])


def test_principal_components_have_about_unit_variance_and_are_uncorrelated() -> None:
    random = torch.Generator().manual_seed(0)
    x = torch.randn(800, 5, generator=random) * torch.tensor([5.0, 1.0, 1.0, 0.2, 1.0])
    z = (x - x.mean(0)) @ principal_components(x, 3)
    covariance = z.T @ z / len(z)
    torch.testing.assert_close(covariance, torch.eye(3), atol=0.15, rtol=0)
