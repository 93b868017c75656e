"""Optimizers and schedules, against those of torch and their closed forms."""

from typing import Any

import pytest
import torch
from pydantic import TypeAdapter, ValidationError

from likeness.training.optimizers import Adam, AdamW, Constant, Cosine, Exponential, Optimizer, RMSprop


def test_schedules_have_their_closed_forms() -> None:
    places = (0.0, 0.5, 1.0)
    assert [Constant().factor(p) for p in places] == [1, 1, 1]
    assert [Cosine(final=0.2).factor(p) for p in places] == pytest.approx([1, 0.6, 0.2])
    assert [Exponential(final=0.01).factor(p) for p in places] == pytest.approx([1, 0.1, 0.01])


def test_optimizers_are_those_of_torch() -> None:
    weight = [torch.nn.Parameter(torch.zeros(1))]
    kinds = [type(o.build(weight, 0.1)) for o in (Adam(), AdamW(), RMSprop())]
    assert kinds == [torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop]
    assert Adam(beta1=0.3).build(weight, 0.1).defaults["betas"] == (0.3, 0.999)
    assert RMSprop(decay=0.8).build(weight, 0.1).defaults["alpha"] == 0.8


def descended(optimizer: Any, steps: int = 3) -> float:
    """Where a weight that begins at 1 is after some steps of 0.1 down a gradient of 0."""
    weight = torch.nn.Parameter(torch.ones(1))
    made = optimizer.build([weight], 0.1)
    for _ in range(steps):
        weight.grad = torch.zeros(1)
        made.step()
    return weight.item()


def test_adamw_shrinks_a_weight_that_nothing_pulls_at_by_its_closed_form() -> None:
    assert descended(AdamW(weight_decay=0.5)) == pytest.approx((1 - 0.1 * 0.5) ** 3)


def test_adam_takes_decay_for_a_gradient_and_normalises_it() -> None:
    assert descended(Adam(weight_decay=0.5), 1) == pytest.approx(1 - 0.1, abs=1e-6)
    assert descended(Adam()) == descended(RMSprop()) == 1


def test_first_step_of_rmsprop_is_the_rate_by_the_root_of_the_new_share() -> None:
    weight = torch.nn.Parameter(torch.zeros(1))
    made = RMSprop(decay=0.75).build([weight], 0.1)
    weight.grad = torch.full((1,), 5.0)
    made.step()
    assert weight.item() == pytest.approx(-0.1 / 0.25**0.5)


@pytest.mark.parametrize("name", ["adam", "adamw", "rmsprop"])
def test_an_optimizer_is_chosen_by_its_name_and_refuses_what_another_one_has(name: str) -> None:
    adapter = TypeAdapter(Optimizer)
    wrong = {"beta1": 0.1} if name == "rmsprop" else {"decay": 0.1}
    assert adapter.validate_python({"name": name}).name == name
    with pytest.raises(ValidationError):
        adapter.validate_python({"name": name} | wrong)
