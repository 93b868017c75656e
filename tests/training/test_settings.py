"""How long and how a run trains: lengths, and what does not go together."""

from typing import Any

import pytest
from pydantic import ValidationError

from likeness.training.optimizers import Cosine
from likeness.training.settings import TrainingSettings


@pytest.mark.parametrize(
    ("given", "total"),
    [({}, 5000), ({"steps": 7}, 7), ({"epochs": 2.5, "batch": 10}, 25), ({"minutes": 1.0}, None),
     ({"epochs": 1.0, "batch": 10, "accumulate": 2}, 5), ({"epochs": 0.001}, 1)],
)  # fmt: skip
def test_the_length_of_a_training(given: dict, total: int | None) -> None:
    assert TrainingSettings(**given).total(100) == total


def test_two_lengths_at_once_are_refused() -> None:
    with pytest.raises(ValidationError, match="steps and minutes are both given"):
        TrainingSettings(steps=3, minutes=1)


def test_a_schedule_without_an_end_is_refused() -> None:
    with pytest.raises(ValidationError, match="a schedule needs a length"):
        TrainingSettings(minutes=1, schedule=Cosine())


@pytest.mark.parametrize("length", [{"steps": 3}, {"epochs": 2.0}, {}], ids=str)
def test_a_schedule_goes_with_a_length_that_is_known(length: dict[str, Any]) -> None:
    assert TrainingSettings(schedule=Cosine(final=0.1), **length).schedule == Cosine(final=0.1)


def test_compiling_and_checkpointing_at_once_is_refused() -> None:
    with pytest.raises(
        ValidationError, match="compile and gradient_checkpointing are both given; keep one"
    ):
        TrainingSettings(compile=True, gradient_checkpointing=True)


def test_rates_of_moves_are_read_from_a_word() -> None:
    rates: Any = "discriminator:1e-4,decoder:0.5"
    assert TrainingSettings(rates=rates).rates == {"discriminator": 1e-4, "decoder": 0.5}


WRONG = [{"lr": 0}, {"ema": 1.0}, {"seed": -1}, {"seed": 2**31}, {"batch": 0}, {"epochs": 0}, {"clip": -1}]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_number_out_of_its_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TrainingSettings(**wrong)
