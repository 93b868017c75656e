"""Networks of a user's own, as ONNX files."""

from pathlib import Path

import onnx
from onnx import TensorProto, helper


def network(
    file: Path, channels: int = 3, features: int = 2, of: str = "mean", batch: int | str = "n"
) -> Path:
    """An ONNX file: the mean, or the largest value, of the first channels of 4 x 4 images."""
    given = helper.make_tensor_value_info("images", TensorProto.FLOAT, [batch, channels, 4, 4])
    said = helper.make_tensor_value_info("features", TensorProto.FLOAT, [batch, features])
    kind = {"mean": "ReduceMean", "largest": "ReduceMax"}[of]
    numbers = {"from": [0], "to": [features], "channel": [1], "places": [2, 3]}
    constants = [helper.make_tensor(k, TensorProto.INT64, [len(v)], v) for k, v in numbers.items()]
    nodes = [
        helper.make_node(kind, ["images", "places"], ["all"], keepdims=0),
        helper.make_node("Slice", ["all", "from", "to", "channel"], ["features"]),
    ]
    graph = helper.make_graph(nodes, "network", [given], [said], constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), file)
    return file
