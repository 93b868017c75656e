"""Memory: what is freed stays, and what a step takes is known beforehand."""

import resource
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from laws.games import FAMILIES, SHAPE, batch, objective_of
from likeness.objectives import Objective
from likeness.shapes import Batch
from likeness.training import memory
from likeness.training.loop import begin, loop, networks
from likeness.training.settings import TrainingSettings
from likeness.training.step_memory import Held, need

SETTINGS = TrainingSettings(device="cpu", precision="float32")
LARGE = 2**24


class Few:
    """The same images at every step."""

    def __init__(self, n: int) -> None:
        made = batch(0, n)
        self.batch = Batch(made.x.float(), made.labels, made.index)

    def at(self, t: int) -> Batch:
        """They."""
        return self.batch


def faults_of_the_second() -> int:
    """Page faults of filling a large tensor where another one was just freed."""
    torch.ones(LARGE)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    torch.ones(LARGE)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def peak(objective: Objective, settings: TrainingSettings, family: str = "resnet") -> int:
    """The most bytes of tensors in two steps on twenty images."""
    with Held() as held:
        state = begin(objective, networks(objective, FAMILIES[family], SHAPE, settings), settings)
        for _ in loop(objective, state, Few(20), settings, 0, 2):
            pass
    return max(held.bytes)


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told to keep memory")
def test_freed_memory_stays_while_it_is_kept_and_goes_back_after() -> None:
    size = 4 * LARGE
    faults_of_the_second()
    with memory.kept():
        faults_of_the_second()
        assert faults_of_the_second() < size / resource.getpagesize() / 10
        held = resident()
    assert resident() < held - 0.9 * size


@pytest.mark.parametrize(("method", "family"), [("vae_gan", "larsen"), ("aae", "mlp"), ("vae", "resnet")])
def test_the_need_of_a_batch_is_foretold_from_smaller_ones(method: str, family: str) -> None:
    balance = {"balance": False} if method == "vae_gan" else {}
    objective = objective_of(method, **balance)
    foretold = need(objective, FAMILIES[family], SHAPE, SETTINGS, Few)
    assert foretold.of(20) == pytest.approx(peak(objective, SETTINGS, family), rel=0.02)
    assert foretold.largest_batch(foretold.of(20)) == 20


@pytest.mark.parametrize("method", ["vae", "vae_gan"])
def test_checkpointing_takes_less(method: str) -> None:
    """Foretold for checkpointing as for anything else, and true of the steps themselves."""
    objective = objective_of(method, **{"balance": False} if method == "vae_gan" else {})
    kept, made_anew = SETTINGS, replace(SETTINGS, gradient_checkpointing=True)
    first, second = (need(objective, FAMILIES["resnet"], SHAPE, s, Few) for s in (kept, made_anew))
    assert second.of(20) < 0.8 * first.of(20)
    assert peak(objective, made_anew) == pytest.approx(second.of(20), rel=0.02)


def test_a_tensor_is_counted_for_as_long_as_it_is_held() -> None:
    with Held() as held:
        x = torch.ones(1000)
        y = x + 1
        del x
        y.mul_(2)
    assert max(held.bytes) == 8000
    assert held.bytes[-1] == 4000
