"""Memory: what is freed stays, and what a step takes is known beforehand."""

import resource
import sys
from pathlib import Path

import pytest
import torch

from laws.games import FAMILIES, SHAPE, batch, objective_of
from likeness.shapes import Batch
from likeness.training import memory
from likeness.training.loop import begin, loop, networks
from likeness.training.rehearsal import Held, need
from likeness.training.settings import TrainingSettings

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
    net = FAMILIES[family]
    foretold = need(objective, net, SHAPE, SETTINGS, Few)
    with Held() as held:
        state = begin(objective, networks(objective, net, SHAPE, SETTINGS), SETTINGS)
        for _ in loop(objective, state, Few(20), SETTINGS, 0, 2):
            pass
    assert foretold.of(20) == pytest.approx(max(held.bytes), rel=0.02)
    assert foretold.largest_batch(foretold.of(20)) == 20


def test_a_tensor_is_counted_for_as_long_as_it_is_held() -> None:
    with Held() as held:
        x = torch.ones(1000)
        y = x + 1
        del x
        y.mul_(2)
    assert max(held.bytes) == 8000
    assert held.bytes[-1] == 4000
