"""What a step takes is known beforehand, from steps on a few images."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from laws.games import FAMILIES, SHAPE, objective_of
from likeness.objectives import Objective
from likeness.training.loop import begin, loop, networks
from likeness.training.settings import TrainingSettings
from likeness.training.step_memory import StepMemory, TensorMemory, estimate_step_memory
from support.small_trainings import Same

SETTINGS = TrainingSettings(device="cpu", precision="float32")


def peak(objective: Objective, settings: TrainingSettings, family: str = "resnet") -> int:
    """The most bytes of tensors in two steps on twenty images."""
    with TensorMemory() as memory:
        state = begin(objective, networks(objective, FAMILIES[family], SHAPE, settings), settings)
        for _ in loop(objective, state, Same(20), settings, 0, 2):
            pass
    return max(memory.bytes)


@pytest.mark.parametrize(("method", "family"), [("vae_gan", "larsen"), ("aae", "mlp"), ("vae", "resnet")])
def test_the_memory_of_a_batch_is_estimated_from_smaller_ones(method: str, family: str) -> None:
    balance = {"balance": False} if method == "vae_gan" else {}
    objective = objective_of(method, **balance)
    estimate = estimate_step_memory(objective, FAMILIES[family], SHAPE, SETTINGS, Same)
    assert estimate.at_batch(20) == pytest.approx(peak(objective, SETTINGS, family), rel=0.02)
    assert estimate.largest_batch(estimate.at_batch(20)) == 20


@pytest.mark.parametrize("method", ["vae", "vae_gan"])
def test_checkpointing_takes_less(method: str) -> None:
    """Estimated for checkpointing as for anything else, and true of the steps themselves."""
    objective = objective_of(method, **{"balance": False} if method == "vae_gan" else {})
    kept, checkpointed = SETTINGS, replace(SETTINGS, gradient_checkpointing=True)
    first, second = (
        estimate_step_memory(objective, FAMILIES["resnet"], SHAPE, s, Same) for s in (kept, checkpointed)
    )
    assert second.at_batch(20) < 0.8 * first.at_batch(20)
    assert peak(objective, checkpointed) == pytest.approx(second.at_batch(20), rel=0.02)


def test_a_tensor_is_counted_for_as_long_as_it_is_held() -> None:
    with TensorMemory() as memory:
        x = torch.ones(1000)
        y = x + 1
        del x
        y.mul_(2)
    assert max(memory.bytes) == 8000
    assert memory.bytes[-1] == 4000


def test_a_view_of_a_tensor_is_counted_with_it_once() -> None:
    with TensorMemory() as memory:
        x = torch.ones(1000)
        y = x.view(10, 100).T[1:]
        del x
        y.sum()
    assert max(memory.bytes) == 4004


def test_the_largest_batch_is_the_last_that_fits_at_the_worst_moment() -> None:
    found = StepMemory(np.array([100.0, 40.0]), np.array([1.0, 4.0]))
    assert [found.at_batch(n) for n in (0, 10, 20, 30)] == [100, 110, 120, 160]
    assert [found.largest_batch(room) for room in (99.0, 100.0, 119.9, 120.0, 163.9)] == [0, 0, 19, 20, 30]


def test_an_estimate_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "compile", lambda *given, **more: pytest.fail("compiled"))
    compiled, objective = replace(SETTINGS, compile=True), objective_of("ae")
    estimate = [
        estimate_step_memory(objective, FAMILIES["mlp"], SHAPE, s, Same).at_batch(20)
        for s in (SETTINGS, compiled)
    ]
    assert estimate[0] == estimate[1] > 0
