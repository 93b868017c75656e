"""A network of the user's own gives features of images of any size."""

import sys
from pathlib import Path

import onnx
import pytest
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper

from likeness.errors import UserError
from likeness.predictors.onnx_features import onnx_space
from likeness.shapes import Shape
from support.onnx_networks import network


def test_a_network_of_the_users_own_is_a_feature_space(tmp_path: Path) -> None:
    """Images of 8 x 8 are resized to its 4 x 4; grey ones have three channels."""
    x = torch.rand(5, 3, 8, 8) * 2 - 1
    found = onnx_space(str(network(tmp_path / "n.onnx")), Shape(3, 8, 8))(x)
    resized = F.interpolate(x, (4, 4), mode="bilinear", antialias=True)
    assert torch.allclose(found, resized.mean((2, 3))[:, :2], atol=1e-6)
    largest = onnx_space(str(network(tmp_path / "m.onnx", of="largest")), Shape(1, 4, 4))
    assert torch.equal(largest(x[:, :1, :4, :4]), x[:, :1, :4, :4].amax((2, 3)).expand(-1, 2))


def test_a_network_that_takes_one_image_at_a_time_is_given_one(tmp_path: Path) -> None:
    x = torch.rand(5, 3, 4, 4)
    found = onnx_space(str(network(tmp_path / "n.onnx", batch=1)), Shape(3, 4, 4))(x)
    assert torch.allclose(found, x.mean((2, 3))[:, :2], atol=1e-6)


def test_the_networks_that_are_refused_are_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "text.onnx").write_text("no network")
    network(tmp_path / "four.onnx", channels=4)
    network(tmp_path / "seven.onnx", batch=7)
    wrong = {
        "none.onnx": "is not a file; give an ONNX file, or other --features",
        "text.onnx": r"is not a readable ONNX network \(.*\); export it again",
        "four.onnx": "takes images of 4 channels, these have 1; choose other --features",
        "seven.onnx": r"cannot be run on images of \(1, 4, 4\) .*; export it for images of this size",
    }
    for name, message in wrong.items():
        with pytest.raises(UserError, match=f"^{tmp_path / name} {message}") as error:
            onnx_space(str(tmp_path / name), Shape(1, 4, 4))
        assert "\n" not in str(error.value)


def test_a_network_that_gives_no_rows_of_features_is_refused(tmp_path: Path) -> None:
    shape = ["n", 3, 4, 4]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("images", "same")]
    graph = helper.make_graph([helper.make_node("Relu", ["images"], ["same"])], "same", ends[:1], ends[1:])
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8),
        tmp_path / "s.onnx",
    )
    with pytest.raises(UserError, match=r"is not a function from float32 images \(n, c, h, w\)"):
        onnx_space(str(tmp_path / "s.onnx"), Shape(3, 4, 4))


def test_without_its_library_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(UserError, match=r"needs an extra; pip install 'likeness\[onnx\]'"):
        onnx_space(str(network(tmp_path / "n.onnx")), Shape(3, 4, 4))
