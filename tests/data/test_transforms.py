"""The user's own augmentation: what it is given, what it may return, and what it draws."""

import random
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import TypeAdapter, ValidationError
from torch import Tensor, nn

from likeness.data.transforms import TransformSetting, apply_transform, transform_name
from likeness.errors import UserError
from support.small_runs import KINDS, pixels

NAMES, SEEDS = ["a", "b", "c", "d"], [(0, 5, 7, place) for place in range(4)]


def upside_down(x: Tensor) -> Tensor:
    """An image with its rows in the other order."""
    return x.flip(1)


def drawing(x: Tensor) -> Tensor:
    """One that is full of numbers drawn in three ways."""
    drawn = torch.rand(()).item(), np.random.random(), random.random()
    return torch.tensor(drawn, dtype=x.dtype)[:, None, None].expand(x.shape)


class Turned(nn.Module):
    """A transform that is a module, as torchvision's are."""

    def forward(self, x: Tensor) -> Tensor:
        """Rows in the other order."""
        return upside_down(x)


@pytest.mark.parametrize(("dtype", "channels"), KINDS)
@pytest.mark.parametrize("transform", [upside_down, Turned(), partial(upside_down)])
def test_a_transform_is_given_each_stored_image_channels_first(
    dtype: str, channels: int, transform: Any
) -> None:
    images = pixels(4, 6, 5, channels, dtype=dtype)
    made = apply_transform(images, transform, NAMES, SEEDS)
    np.testing.assert_array_equal(made, images[:, ::-1])
    assert made.dtype == images.dtype


def test_an_image_may_be_changed_where_it_is() -> None:
    images = pixels(4, 6, 5, 3)
    made = apply_transform(images, lambda x: x.zero_(), NAMES, SEEDS)
    assert not made.any()


def test_what_it_draws_is_a_function_of_the_seeds_of_the_image_alone() -> None:
    images = pixels(4, 6, 5, 3, dtype="float32")
    torch.manual_seed(1)
    whole = apply_transform(images, drawing, NAMES, SEEDS)
    np.random.seed(2)
    random.seed(3)
    again = apply_transform(images[2:], drawing, NAMES[2:], SEEDS[2:])
    np.testing.assert_array_equal(again, whole[2:])
    assert len(np.unique(whole)) == 4 * 3, "each image and each generator has numbers of its own"
    assert not np.array_equal(apply_transform(images, drawing, NAMES, [(0, 5, 8, 1)] * 4), whole)


@pytest.mark.parametrize("fails", [False, True])
def test_after_it_all_generators_go_on_as_if_nothing_had_been_drawn(fails: bool) -> None:
    def failing(x: Tensor) -> Tensor:
        drawing(x)
        raise ValueError("no")

    def numbers() -> list[float]:
        return [torch.rand(()).item(), np.random.normal(), random.gauss(0, 1)]

    def use_seed() -> None:
        torch.manual_seed(1)
        np.random.seed(2)
        random.seed(3)
        np.random.normal()  # these two keep a second number for later
        random.gauss(0, 1)

    use_seed()
    wanted = numbers()
    use_seed()
    if fails:
        with pytest.raises(UserError):
            apply_transform(pixels(1, 2, 2, 3), failing, NAMES, SEEDS)
    else:
        apply_transform(pixels(1, 2, 2, 3, dtype="float32"), drawing, NAMES, SEEDS)
    assert numbers() == wanted


def fails(x: Tensor) -> Tensor:
    """No transform."""
    raise ValueError("a line\nand another")


WRONG: list[tuple[Any, str]] = [
    (
        fails,
        r"^transform= fails on the training image a \(ValueError: a line and another\); mend .*\.fails$",
    ),
    (lambda x: x[:1], r"makes uint8 \(1, 6, 5\) of uint8 \(3, 6, 5\), the training image a; mend"),
    (lambda x: x.float(), r"makes float32 \(3, 6, 5\) of uint8 \(3, 6, 5\)"),
    (lambda x: x.permute(1, 2, 0), r"makes uint8 \(6, 5, 3\) of"),
    (lambda x: x.numpy(), r"makes a ndarray of"),
    (lambda x: None, r"makes a NoneType of"),
]


@pytest.mark.parametrize(("transform", "said"), WRONG)
def test_one_that_fails_or_makes_something_else_is_named_with_the_image(transform: Any, said: str) -> None:
    with pytest.raises(UserError, match=said) as error:
        apply_transform(pixels(4, 6, 5, 3), transform, NAMES, SEEDS)
    assert "\n" not in str(error.value)


def test_the_error_of_a_transform_can_be_looked_at() -> None:
    with pytest.raises(UserError) as error:
        apply_transform(pixels(1, 6, 5, 3), fails, NAMES, SEEDS)
    assert isinstance(error.value.__cause__, ValueError)


def test_documents_have_where_a_function_or_the_class_of_an_object_is_defined() -> None:
    setting = TypeAdapter(TransformSetting)
    assert setting.dump_python(upside_down, mode="json") == f"{__name__}.upside_down"
    assert setting.dump_python(Turned(), mode="json") == f"{__name__}.Turned"
    assert transform_name(None) is None and setting.dump_python(None, mode="json") is None
    assert setting.validate_python(upside_down) is upside_down


def test_a_name_is_never_imported() -> None:
    assert TypeAdapter(TransformSetting).validate_python("os.getcwd") == "os.getcwd"


def test_what_is_no_function_is_refused() -> None:
    with pytest.raises(ValidationError, match="It must be a function of one image"):
        TypeAdapter(TransformSetting).validate_python(3)
