"""A network of the user's own gives features of images of any size."""

from pathlib import Path

import torch
import torch.nn.functional as F

from likeness.predictors.onnx_features import onnx_space
from likeness.shapes import ImageShape
from support.onnx_networks import network


def test_a_network_of_the_users_own_is_a_feature_space(tmp_path: Path) -> None:
    """Images of 8 x 8 are resized to its 4 x 4; grey ones have three channels."""
    x = torch.rand(5, 3, 8, 8) * 2 - 1
    found = onnx_space(str(network(tmp_path / "n.onnx")), ImageShape(3, 8, 8))(x)
    resized = F.interpolate(x, (4, 4), mode="bilinear", antialias=True)
    assert torch.allclose(found, resized.mean((2, 3))[:, :2], atol=1e-6)
    largest = onnx_space(str(network(tmp_path / "m.onnx", of="largest")), ImageShape(1, 4, 4))
    assert torch.equal(largest(x[:, :1, :4, :4]), x[:, :1, :4, :4].amax((2, 3)).expand(-1, 2))


def test_a_network_that_takes_one_image_at_a_time_is_given_one(tmp_path: Path) -> None:
    x = torch.rand(5, 3, 4, 4)
    found = onnx_space(str(network(tmp_path / "n.onnx", batch=1)), ImageShape(3, 4, 4))(x)
    assert torch.allclose(found, x.mean((2, 3))[:, :2], atol=1e-6)
