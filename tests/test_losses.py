"""Losses against closed forms and NumPy, in float64."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix, mutual_info_score
from torch import Tensor, nn

from likeness.losses import (
    at_least_float32,
    co_occurrence,
    log_fake,
    log_real,
    mean_squared_error,
    mutual_information,
    per_sample,
    r1_penalty,
    squared_error,
    stop_gradient,
)


def information(a: Tensor, b: Tensor) -> Tensor:
    """Of the classes of some samples, in two views of them."""
    return mutual_information(co_occurrence(a, b) / len(a))


LOGITS = torch.tensor([-1000.0, -3.0, 0.0, 2.0, 1000.0], dtype=torch.float64)


def test_log_real_is_the_logarithm_of_the_sigmoid() -> None:
    expected = -np.log1p(np.exp(-LOGITS[1:4].numpy()))
    assert np.allclose(log_real(LOGITS[1:4]).numpy(), expected, rtol=1e-14)


def test_the_two_logarithms_differ_by_the_logit() -> None:
    assert torch.allclose(log_real(LOGITS) - log_fake(LOGITS), LOGITS, rtol=1e-14)


def test_a_discriminator_that_is_sure_costs_a_finite_number() -> None:
    assert log_real(LOGITS)[0] == -1000 and log_fake(LOGITS)[-1] == -1000


def test_half_precision_is_summed_in_float32() -> None:
    x = torch.full((2, 4096), 0.1, dtype=torch.bfloat16)
    assert per_sample(x).dtype == torch.float32
    assert torch.allclose(per_sample(x), x.double().sum(1).float(), rtol=1e-6)


def test_float64_stays_float64() -> None:
    assert at_least_float32(LOGITS).dtype == torch.float64


def test_squared_error_sums_over_everything_but_the_sample() -> None:
    x, y = torch.randn(2, 3, 4, 5, 6).double().unbind(0)
    assert np.allclose(squared_error(x, y).numpy(), ((x - y).numpy() ** 2).sum((1, 2, 3)), rtol=1e-12)


def test_r1_of_a_linear_discriminator_is_half_its_squared_weights() -> None:
    weight = torch.randn(12, dtype=torch.float64)
    x = torch.randn(5, 3, 2, 2, dtype=torch.float64, requires_grad=True)
    found = r1_penalty(lambda x: x.flatten(1) @ weight, x)
    assert torch.allclose(found, (0.5 * weight @ weight).expand(5), rtol=1e-12)


def test_r1_of_a_quadratic_discriminator_is_half_its_squared_input() -> None:
    x = torch.randn(5, 1, 2, 2, dtype=torch.float64, requires_grad=True)
    found = r1_penalty(lambda x: 0.5 * x.flatten(1).square().sum(1), x)
    assert torch.allclose(found, 0.5 * x.detach().flatten(1).square().sum(1), rtol=1e-12)


def test_r1_can_be_descended() -> None:
    layer = nn.Linear(4, 1).double()
    x = torch.randn(3, 1, 2, 2, dtype=torch.float64, requires_grad=True)
    r1_penalty(lambda x: layer(x.flatten(1)).flatten(), x).mean().backward()
    assert layer.weight.grad is not None
    assert torch.allclose(layer.weight.grad, layer.weight, rtol=1e-12)


@pytest.mark.parametrize("logit", [0.0, 1.5])
def test_undecided_costs_log_two(logit: float) -> None:
    cost = -log_real(torch.tensor([logit])) - log_fake(torch.tensor([logit]))
    assert (abs(float(cost) - 2 * math.log(2)) < 1e-6) == (logit == 0.0)


def test_mean_squared_error_is_that_of_numpy() -> None:
    x, y = torch.randn(2, 3, 4, 5, 6).double().unbind(0)
    expected = ((x - y).numpy() ** 2).mean((1, 2, 3))
    assert np.allclose(mean_squared_error(x, y).numpy(), expected, rtol=1e-12)


def test_r1_is_taken_in_a_pass_of_its_own_also_where_no_gradients_are_kept() -> None:
    weight = torch.randn(4, dtype=torch.float64)
    x = torch.randn(3, 1, 2, 2, dtype=torch.float64)
    with torch.no_grad():
        found = r1_penalty(lambda x: x.flatten(1) @ weight, x)
    assert torch.allclose(found, (0.5 * weight @ weight).expand(3), rtol=1e-12)
    assert not x.requires_grad


def test_information_is_that_of_another_library() -> None:
    a, b = np.random.default_rng(0).integers(0, 4, (2, 200))
    b[:120] = a[:120]
    one_hot = torch.eye(5, dtype=torch.float64)  # class 4 is never said
    both_ways = mutual_info_score(np.r_[a, b], np.r_[b, a])
    assert information(one_hot[a], one_hot[b]).item() == pytest.approx(both_ways, abs=1e-12)


def test_information_is_most_where_classes_are_sure_even_and_follow_from_each_other() -> None:
    y = torch.eye(8, dtype=torch.float64)
    assert information(y, y).item() == pytest.approx(math.log(8))
    assert information(y, y.flip(0)).item() == pytest.approx(math.log(8)), "swapped in pairs"
    assert information(y, y.roll(1, 0)).item() == pytest.approx(math.log(8) - math.log(2))
    assert information(y, y[torch.zeros(8, dtype=torch.long)]).item() < math.log(8) / 2
    assert information(y * 0.4 + 0.075, y).item() < math.log(8) / 2
    none = torch.full((8, 8), 1 / 8, dtype=torch.float64)
    assert information(y, none).item() == pytest.approx(0, abs=1e-12)


def test_information_has_gradients_where_a_class_is_impossible() -> None:
    logits = torch.tensor([[0.0, -1e4, 1.0], [2.0, -1e4, 0.0]], requires_grad=True)
    information(torch.eye(3)[[0, 2]], logits.softmax(1)).backward()
    assert logits.grad is not None and logits.grad.isfinite().all() and logits.grad.abs().max() > 0.01


def test_information_is_as_precise_in_half_precision() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(2, 64, 6).softmax(2)
    with torch.autocast("cpu", torch.bfloat16):
        half = information(a, b)
    assert half.dtype == torch.float32 and torch.equal(half, information(a, b))


def test_co_occurrences_of_parts_add_up_and_count_each_pair_of_classes() -> None:
    a, b = np.random.default_rng(0).integers(0, 4, (2, 90))
    one_hot = torch.eye(4, dtype=torch.float64)
    found = co_occurrence(one_hot[a], one_hot[b])
    assert np.array_equal(found.numpy(), confusion_matrix(a, b))
    parts = [co_occurrence(one_hot[a[k]], one_hot[b[k]]) for k in (slice(0, 31), slice(31, None))]
    assert torch.equal(parts[0] + parts[1], found)


def test_a_value_that_is_held_fixed_is_as_large_and_takes_no_gradient() -> None:
    """x . stop(x) has the slope of x times a constant."""
    x = torch.tensor([2.0, -3.0], requires_grad=True)
    product = x * stop_gradient(x)
    (slope,) = torch.autograd.grad(product.sum(), x)
    assert product.tolist() == [4, 9] and slope.tolist() == [2, -3]


def test_an_error_of_weighed_pixels_is_the_mean_over_those_that_count() -> None:
    x, y = torch.randn(2, 3, 4, 5, 6).double().unbind(0)
    weight = (torch.rand(3, 1, 5, 6) < 0.5).double()
    weight[2] = 0
    found = mean_squared_error(x, y, weight)
    for k in (0, 1):
        squares = ((x - y)[k] ** 2).numpy()[:, weight[k, 0].numpy() == 1]
        assert found[k].item() == pytest.approx(squares.mean(), rel=1e-12)
    assert found[2] == 0, "of no pixel"
    assert torch.equal(mean_squared_error(x, y, torch.ones_like(weight)), mean_squared_error(x, y))
