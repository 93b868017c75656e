"""What all learned metrics refuse and give back, on the smallest of them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.nets import Family
from likeness.nets.larsen import Larsen
from likeness.shapes import Shape
from likeness.similarity.image_metric import ImageMetric


class Pixel(ImageMetric):
    """Pixel error."""

    @property
    def net(self) -> Family:
        return Larsen()

    def map(self, a: Tensor, b: Tensor) -> Tensor:
        return (a - b).square().mean(1)

    def embed(self, x: Tensor) -> Tensor:
        self._check(x)
        return x.flatten(1)

    def save(self, folder: str | Path) -> Path:
        return Path(folder)

    def _distances(self, a: Tensor, b: Tensor, valid: Tensor | None = None) -> Tensor:
        return (self.embed(a) - self.embed(b)).square().sum(1)


def pixel(reduction: str = "none") -> Pixel:
    """The metric, with a reduction."""
    scaling = Scaling("uint8", (0.0,), (255.0,))
    return Pixel(Shape(1, 2, 2), scaling, DataSettings(data=""), reduction)  # type: ignore[arg-type]


def test_a_reduction_is_that_of_the_pairs() -> None:
    a, b = torch.zeros(3, 1, 2, 2), torch.tensor([0.0, 0.5, 1.0]).view(3, 1, 1, 1).expand(3, 1, 2, 2)
    assert pixel()(a, b).tolist() == [0, 1, 4]
    assert float(pixel("mean")(a, b)) == pytest.approx(5 / 3) and float(pixel("sum")(a, b)) == 5
    assert pixel("sum").distances(a, b).tolist() == [0, 1, 4]


def test_arrays_of_the_data_are_scaled_and_others_refused() -> None:
    assert pixel().scale(np.full((1, 2, 2, 1), 255, np.uint8)).tolist() == [[[[1, 1], [1, 1]]]]
    with pytest.raises(
        UserError, match="images are float32, the metric was trained on uint8; convert them"
    ):
        pixel().scale(np.zeros((1, 2, 2, 1), np.float32))


def test_images_of_another_shape_or_out_of_range_are_refused() -> None:
    with pytest.raises(UserError, match="resize them or take another metric"):
        pixel()(torch.zeros(1, 1, 3, 3), torch.zeros(1, 1, 3, 3))
    with pytest.raises(UserError, match="values up to 2, this metric takes -1 to 1; scale them"):
        pixel()(torch.full((1, 1, 2, 2), 2.0), torch.zeros(1, 1, 2, 2))
