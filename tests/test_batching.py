"""Many inputs through a function some at a time."""

import pytest
import torch
from torch import Tensor

from likeness.batching import in_batches


@pytest.mark.parametrize("n", [1, 3, 4, 5, 9])
def test_parts_are_joined_in_order_and_none_is_larger_than_asked(n: int) -> None:
    sizes: list[int] = []

    def use(x: Tensor) -> Tensor:
        sizes.append(len(x))
        return 2 * x

    x = torch.arange(3.0 * n).view(n, 3)
    assert torch.equal(in_batches(use, x, size=4), 2 * x)
    assert sum(sizes) == n and max(sizes) <= 4 and len(sizes) == -(-n // 4)


def test_inputs_go_together_and_one_that_is_not_there_is_there_in_no_part() -> None:
    given: list[tuple[list[float], None, list[float]]] = []

    def use(x: Tensor, nothing: None, y: Tensor) -> Tensor:
        given.append((x.tolist(), nothing, y.tolist()))
        return x + y

    found = in_batches(use, torch.arange(3.0), None, torch.arange(10.0, 13.0), size=2)
    assert given == [([0, 1], None, [10, 11]), ([2], None, [12])]
    assert found.tolist() == [10, 12, 14]


def test_of_no_rows_there_is_one_empty_part_of_the_right_width() -> None:
    assert in_batches(lambda x: x @ torch.ones(3, 7), torch.zeros(0, 3)).shape == (0, 7)


@pytest.mark.parametrize("inputs", [(torch.zeros(2), torch.zeros(3)), (None,)])
def test_inputs_of_different_numbers_of_rows_are_refused(inputs: tuple[Tensor | None, ...]) -> None:
    with pytest.raises(ValueError, match=r"inputs have \[.*\] rows; give as many of each"):
        in_batches(lambda *x: torch.zeros(1), *inputs)
