"""Metrics that are exported and compiled beside those that are not: `python -m support.traced_metrics`
prints by how much they differ, way by way. A process of its own, because shapes are not checked in
what is traced.
"""

import json
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from likeness.similarity.perceptual_metric import PerceptualMetric
from support.small_metrics import FAMILIES, images, parts_of

CONDITIONS = {"mlp": None, "larsen": torch.tensor([[1.0, -0.5, 0.25]])}
TRACED, OTHER = (images(4), images(4, seed=1)), (images(7, seed=2), images(7, seed=3))


class Everything(nn.Module):
    """All that a metric says of pairs."""

    def __init__(self, metric: PerceptualMetric) -> None:
        super().__init__()
        self.metric = metric

    def forward(self, a: Tensor, b: Tensor) -> Any:
        """Distances, those over half of the pixels, maps, vectors and features."""
        metric, half = self.metric, a[:, :1] > 0
        distances = metric(a, b), metric(a, b, half)
        return *distances, metric.map(a, b), metric.embed(a), metric.features(b)


def exported(module: nn.Module) -> Callable[..., Any]:
    """The program, for any number of images."""
    pairs = torch.export.Dim("pairs")
    shapes = ({0: pairs}, {0: pairs})
    return torch.export.export(module, TRACED, dynamic_shapes=shapes).module()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """`aot_eager` makes graphs of passes and of their gradients, and no kernels."""
    found = torch.compile(function, fullgraph=True, backend="aot_eager")
    found(*TRACED)
    return found


def gradient(metric: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Of the sum of distances, to the first images."""

    def function(a: Tensor, b: Tensor) -> Tensor:
        a = a.clone().requires_grad_()
        return torch.autograd.grad(metric(a, b).sum(), a)[0]

    return function


def far(found: Any, expected: Any) -> float:
    """The largest difference of two collections of tensors."""
    pairs = zip(tree_leaves(found), tree_leaves(expected), strict=True)
    return max(float((x - y).detach().abs().max()) for x, y in pairs)


def main() -> None:
    found = {}
    for family, condition in CONDITIONS.items():
        metric = PerceptualMetric(parts_of(FAMILIES[family], condition=condition))
        traced, everything = compiled(metric), Everything(metric)
        name = family if condition is None else f"{family}, conditional"
        found |= {
            f"{name}: exported": far(exported(everything)(*OTHER), everything(*OTHER)),
            f"{name}: compiled": far(traced(*OTHER), metric(*OTHER)),
            f"{name}: compiled gradient": far(gradient(traced)(*OTHER), gradient(metric)(*OTHER)),
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
