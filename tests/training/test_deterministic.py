"""Deterministic algorithms: what is told to whom, and that all is as it was afterwards."""

import os
from typing import Any

import pytest
import torch

from laws.games import objective_of
from likeness.errors import LikenessWarning, UserError
from likeness.training.deterministic import (
    DETERMINISTIC_VALUES,
    WORKSPACE_VARIABLE,
    use_deterministic_algorithms,
)
from likeness.training.loop import loop
from support.small_trainings import Same, begun


def state() -> tuple[Any, ...]:
    """What holds for the whole process."""
    return (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        torch.backends.cudnn.benchmark,
        os.environ.get(WORKSPACE_VARIABLE),
    )


@pytest.fixture(params=[(False, False, None), (True, True, ":0:0"), (False, True, DETERMINISTIC_VALUES[1])])
def before(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, ...]:
    """What holds before: as PyTorch has it, or as a program has set it."""
    warned, benchmark, workspace = request.param
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", benchmark)
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: False)
    monkeypatch.delenv(WORKSPACE_VARIABLE, raising=False)
    if workspace:
        monkeypatch.setenv(WORKSPACE_VARIABLE, workspace)
    torch.use_deterministic_algorithms(warned, warn_only=warned)
    request.addfinalizer(lambda: torch.use_deterministic_algorithms(False))
    return state()


def test_within_all_is_deterministic_and_afterwards_as_before(before: tuple[Any, ...]) -> None:
    with use_deterministic_algorithms(True):
        assert state()[:3] == (True, False, False) and state()[3] in DETERMINISTIC_VALUES
    assert state() == before
    with pytest.raises(ZeroDivisionError), use_deterministic_algorithms(True):
        _ = 1 / 0
    assert state() == before


def test_nothing_is_changed_where_it_is_not_wanted(before: tuple[Any, ...]) -> None:
    with use_deterministic_algorithms(False):
        assert state() == before


def test_it_is_told_where_cuda_began_too_early_and_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second training finds what CUDA began with in the first."""
    cuda = [False]
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: cuda[0])
    monkeypatch.setenv(WORKSPACE_VARIABLE, DETERMINISTIC_VALUES[0])
    monkeypatch.delenv(WORKSPACE_VARIABLE)
    with use_deterministic_algorithms(True):
        cuda[0] = True
    assert os.environ[WORKSPACE_VARIABLE] == DETERMINISTIC_VALUES[0], "what CUDA has begun with"
    with use_deterministic_algorithms(True):
        pass
    del os.environ[WORKSPACE_VARIABLE]
    with (
        pytest.warns(LikenessWarning, match="CUDA was used before --deterministic; set CUBLAS"),
        use_deterministic_algorithms(True),
    ):
        assert os.environ[WORKSPACE_VARIABLE] == DETERMINISTIC_VALUES[0], (
            "or PyTorch would refuse every product"
        )
    assert WORKSPACE_VARIABLE not in os.environ


def test_an_operation_without_such_an_algorithm_is_named() -> None:
    said = r"grid_back has no deterministic algorithm .*; leave --deterministic out"
    with pytest.raises(UserError, match=said), use_deterministic_algorithms(True):
        raise RuntimeError("grid_back does not have a deterministic implementation, but you set")
    with pytest.raises(RuntimeError, match="out of memory"), use_deterministic_algorithms(True):
        raise RuntimeError("out of memory")


@pytest.mark.parametrize("net", ["larsen", "resnet"])
def test_every_step_on_a_cpu_is_deterministic_already(net: str) -> None:
    """The same weights, bit by bit, with and without."""
    ends = []
    for wanted in (False, True):
        made, settings = begun("vae_gan", net)
        with use_deterministic_algorithms(wanted):
            for _ in loop(objective_of("vae_gan"), made, Same(), settings, 0, 2):
                pass
        ends.append(made.nets.state_dict())
    plain, fixed = ends
    assert all(torch.equal(value, fixed[name]) for name, value in plain.items())
