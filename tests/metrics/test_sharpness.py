"""Edges against their closed form."""

import torch

from likeness.metrics import sharpness
from likeness.metrics.sharpness import Sharpness
from support.evaluation_data import X, evaluation_data, image_values


def test_edges_of_stripes_are_their_closed_form() -> None:
    stripes = torch.tensor([1.0, -1.0]).repeat(2).view(1, 1, 1, 4).expand(1, 1, 4, 4)
    assert float(sharpness.edge_strength(stripes)) == 4.0
    assert float(sharpness.edge_strength(torch.ones(1, 1, 4, 4))) == 0.0


def test_edges_across_and_down_are_means_of_their_own() -> None:
    x = torch.rand(3, 2, 5, 7, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    expected = x.diff(dim=3).square().mean((1, 2, 3)) + x.diff(dim=2).square().mean((1, 2, 3))
    assert torch.allclose(sharpness.edge_strength(x), expected, rtol=1e-12)


def test_blur_lowers_edges_and_noise_raises_them() -> None:
    blurred = torch.nn.functional.avg_pool2d(X, 3, 1, 1)
    noisy = X + torch.randn(X.shape, generator=torch.Generator().manual_seed(1))
    made = evaluation_data(reconstructions=blurred, sample_images=lambda n: noisy[:n])
    found = {name: float(v.mean()) for name, v in image_values(Sharpness().measure(made)).items()}
    assert found["edges_reconstructions"] < found["edges_images"] < found["edges_samples"]


def test_images_of_one_pixel_have_no_edges() -> None:
    assert sharpness.edge_strength(torch.rand(4, 3, 1, 1)).tolist() == [0, 0, 0, 0]
