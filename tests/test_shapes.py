"""What travels between rooms: shapes that are checked, and batches that stay as they are."""

import copy
import json
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import torch
from torch import Tensor

from likeness.batch import Batch
from likeness.losses import log_real, per_sample
from likeness.shapes import UNLABELLED, Images, Labels, Shape, describe


def test_a_shape_is_a_tuple_of_channels_and_then_sides() -> None:
    shape = Shape(3, 8, 5)
    channels, height, width = shape
    assert torch.zeros(2, *shape).shape == (2, channels, height, width) == (2, 3, 8, 5)
    assert shape == (3, 8, 5) and hash(shape) == hash((3, 8, 5))
    assert shape.channels == 3 and shape.space == (8, 5)
    assert repr(shape) == "Shape(3, 8, 5)"


@pytest.mark.parametrize("space", [(), (7,), (7, 5), (7, 5, 3)], ids=str)
def test_a_shape_has_as_many_sides_as_it_is_given(space: tuple[int, ...]) -> None:
    shape = Shape(2, *space)
    assert shape.space == space and tuple(shape) == (2, *space)
    assert shape.with_channels(9) == (9, *space) and type(shape.with_channels(9)) is Shape


def test_a_copy_of_a_shape_is_a_shape() -> None:
    shape = Shape(3, 8, 5)
    for made in (copy.copy(shape), copy.deepcopy(shape), Shape(*json.loads(json.dumps(shape)))):
        assert made == shape and type(made) is Shape


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (
            Images,
            torch.zeros(2, 1, 3, 3),
            [torch.zeros(3), torch.zeros(2, 1, 3, 3, dtype=torch.uint8)],
        ),
        (Labels, torch.zeros(2, dtype=torch.int64), [torch.zeros(2), torch.zeros(2, 1, dtype=torch.int64)]),
    ],
)
def test_a_shape_tells_tensors_that_have_it(kind: type, right: Tensor, wrong: list[Tensor]) -> None:
    assert isinstance(right, kind)
    assert [isinstance(tensor, kind) for tensor in wrong] == [False, False]
    assert not isinstance(np.zeros(right.shape, "f4"), kind)


def test_shapes_are_checked_when_functions_are_called_here() -> None:
    """By jaxtyping, which the tests switch on for the whole package."""
    assert per_sample(torch.ones(2, 3)).tolist() == [3, 3]
    with pytest.raises(TypeError, match="logits"):
        log_real(torch.zeros(2, 2))


def test_a_batch_stays_as_it_is() -> None:
    labels = torch.tensor([UNLABELLED, 2])
    batch = Batch(torch.zeros(2, 1, 3, 3), labels, torch.arange(2))
    assert batch.attributes is None and batch.labelled is None
    with pytest.raises(FrozenInstanceError):
        batch.labels = labels + 1  # type: ignore[misc]


def test_no_class_is_the_label_of_what_is_unlabelled() -> None:
    assert UNLABELLED < 0


def test_an_error_calls_a_tensor_by_its_shape_and_anything_else_by_its_type() -> None:
    found = [describe(value) for value in (torch.ones(2, 1), torch.tensor(3), 2.0, None)]
    assert found == ["shape (2, 1)", "shape ()", "type float", "type NoneType"]
