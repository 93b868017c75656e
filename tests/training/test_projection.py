"""Descent among codes: where it ends, and that it never ends worse than it began."""

import torch

from likeness.training.projection import project


def test_a_projection_ends_where_the_error_is_least() -> None:
    a = torch.randn(20, 4, generator=torch.Generator().manual_seed(0))
    target = torch.randn(3, 20, generator=torch.Generator().manual_seed(1))
    found = project(lambda z: (z @ a.T - target).square().sum(1), torch.zeros(3, 4), 600, 0.1)
    torch.testing.assert_close(found, torch.linalg.lstsq(a, target.T).solution.T, atol=1e-3, rtol=0)


def test_a_projection_is_never_worse_than_its_start_however_large_its_steps() -> None:
    start = torch.full((2, 3), 0.01)
    found = project(lambda z: z.square().sum(1), start, 5, 1e6)
    assert (found.square().sum(1) <= start.square().sum(1)).all()
