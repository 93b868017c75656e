"""A batch and its parts: means, sums and rows of the whole, and what is not valid."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from likeness.batch import FILL, Batch
from likeness.noise import SeededNoise
from support.made_parts import in_threads, parts_of

N = 7
X = torch.rand(N, 2, 4, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 2 - 1
WHOLE = Batch(X, torch.arange(N) % 3 - 1, torch.arange(N)).with_noise(SeededNoise((1, 2)))
SIZES = [[7], [4, 3], [1, 5, 1], [2, 0, 5]]
"""Samples of each process."""

Loss = Callable[[Batch, Tensor], Tensor]
"""Of a batch and a weight that all processes have."""


def rows(batch: Batch, w: Tensor) -> Tensor:
    """Something of each sample and of the weight."""
    return torch.sin(batch.x.flatten(1) @ torch.stack([w, w * w, 1 / w] * 8))


def of_samples(batch: Batch, w: Tensor) -> Tensor:
    return batch.mean(rows(batch, w))


def of_some(batch: Batch, w: Tensor) -> Tensor:
    return batch.mean(rows(batch, w), where=batch.labels >= 0)


def of_a_statistic(batch: Batch, w: Tensor) -> Tensor:
    """The variance over the whole batch."""
    values = rows(batch, w)
    mean = batch.sum(values.sum()) / batch.size
    return batch.once(batch.sum((values - mean).square().sum()) / batch.size)


def of_pairs(batch: Batch, w: Tensor) -> Tensor:
    """How far samples are from each other."""
    values = batch.gather(rows(batch, w)[:, None])
    return batch.once(torch.exp(-((values - values.T) ** 2)).mean())


def of_no_samples(batch: Batch, w: Tensor) -> Tensor:
    return batch.once(w**3)


def of_noise(batch: Batch, w: Tensor) -> Tensor:
    return batch.mean((rows(batch, w) + w * batch.noise("z", (batch.x.shape[0],)).double()) ** 2)


LOSSES = [of_samples, of_some, of_a_statistic, of_pairs, of_no_samples, of_noise]


def derivatives(loss: Loss, batch: Batch) -> Tensor:
    """A loss, and its first and second derivative in the weight."""
    w = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    value = loss(batch, w)
    (first,) = torch.autograd.grad(value, w, create_graph=True)
    (second,) = torch.autograd.grad(first, w)
    return torch.stack([value, first, second]).detach()


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("loss", LOSSES)
def test_losses_and_gradients_of_parts_add_up_to_those_of_the_whole(loss: Loss, sizes: list[int]) -> None:
    """And so do second derivatives, where each process has its own copy of the weight."""
    whole, found = (
        derivatives(loss, WHOLE),
        in_threads(lambda b: losses_of(loss, b), parts_of(WHOLE, sizes)),
    )
    assert torch.allclose(torch.stack(found).sum(0), whole[:2], rtol=1e-12)
    assert whole.abs().min() > 1e-3


def losses_of(loss: Loss, batch: Batch) -> Tensor:
    """A loss, and its derivative."""
    w = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    value = loss(batch, w)
    (first,) = torch.autograd.grad(value, w)
    return torch.stack([value.detach(), first])


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_a_sum_over_processes_is_differentiated_twice(sizes: list[int]) -> None:
    """Of the squared gradient at each sample of a function of the sum of all: S^3 has 3 S^2 at each."""
    values = torch.linspace(-1, 2, N, dtype=torch.float64)

    def penalty(batch: Batch) -> tuple[Tensor, Tensor]:
        own = values[batch.index].requires_grad_()
        (slope,) = torch.autograd.grad(batch.once(batch.sum(own.sum()) ** 3), own, create_graph=True)
        (second,) = torch.autograd.grad(batch.mean(slope**2), own)
        return slope.detach(), second

    S = values.sum()
    for slope, second in in_threads(penalty, parts_of(WHOLE, sizes)):
        assert torch.allclose(slope, (3 * S**2).expand_as(slope), rtol=1e-12)
        assert torch.allclose(second, (2 * 3 * S**2 * 6 * S).expand_as(second), rtol=1e-12)


def test_a_mean_where_something_holds_is_of_those_samples_alone() -> None:
    values, where = torch.tensor([1.0, 2, 3, 4, 5, 6, torch.nan]), torch.arange(N) % 2 == 1
    assert float(WHOLE.mean(values, where)) == 4 and WHOLE.mean(values).isnan()
    assert WHOLE.mean(values, where & False).isnan(), "of no sample"


def test_a_part_without_such_samples_adds_nothing() -> None:
    values = torch.arange(7.0)
    found = in_threads(
        lambda b: b.mean(values[b.index], where=b.index > 4), parts_of(WHOLE, [3, 4])
    )  # 5 and 6
    assert [float(part) for part in found] == [0, 5.5]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_gathered_rows_are_those_of_the_whole_in_order(sizes: list[int]) -> None:
    for found in in_threads(lambda b: b.gather(b.x), parts_of(WHOLE, sizes)):
        assert torch.equal(found, WHOLE.x)
    assert WHOLE.gather(WHOLE.x) is WHOLE.x


def test_a_batch_knows_how_many_samples_the_whole_has() -> None:
    assert WHOLE.size == 7 and [part.size for part in parts_of(WHOLE, [4, 3])] == [7, 7]


def test_pixels_that_are_not_valid_are_filled_and_count_nothing() -> None:
    valid = torch.rand(N, 1, 4, 3, generator=torch.Generator().manual_seed(1)) < 0.5
    batch = Batch(X.where(valid, torch.nan), WHOLE.labels, WHOLE.index, valid=valid)
    assert torch.equal(batch.x, X.where(valid, FILL)), "whatever was there"
    assert batch.weight is not None and batch.weight.dtype == torch.float64
    assert torch.equal(batch.weight, valid.double())
    made = torch.ones_like(X, requires_grad=True)
    (gradient,) = torch.autograd.grad(batch.fill(made).sum(), made)
    assert torch.equal(gradient, valid.double().expand_as(X)), "no gradient comes from there"


def test_where_all_is_valid_images_are_as_they_are() -> None:
    assert WHOLE.weight is None and WHOLE.x is X and WHOLE.fill(X) is X


def test_labelled_images_have_noise_of_their_own() -> None:
    labelled = Batch(X[:3], torch.arange(3), torch.arange(3))
    both = replace(WHOLE, labelled=labelled).with_noise(SeededNoise((5,)))
    assert both.labelled is not None
    one, other = both.noise("z", (3, 500)), both.labelled.noise("z", (3, 500))
    assert abs(float(torch.corrcoef(torch.stack([one.flatten(), other.flatten()]))[0, 1])) < 0.1
    assert WHOLE.with_noise(SeededNoise((5,))).labelled is None


def test_a_batch_for_which_nobody_said_its_noise_has_none() -> None:
    batch = Batch(X, WHOLE.labels, WHOLE.index)
    with pytest.raises(AssertionError, match="there is no noise for z_p; give the batch some"):
        batch.noise.of("critic")("z_p", (N, 3))
    with pytest.raises(AssertionError, match="there is no noise for class"):
        batch.noise.integers("class", 3, N)
