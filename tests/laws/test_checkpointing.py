"""Gradient checkpointing changes memory and time, nothing else: for every objective and every option."""

from typing import Any

import pytest
import torch

from laws.games import CONDITION, FAMILIES, METHODS, game, objective_of, snapshot, with_adam
from laws.test_laws import OPTIONS, UNBALANCED
from likeness.objectives import Objective
from likeness.training.checkpointing import checkpoint_passes

EVERY = [(m, f, UNBALANCED.get(m, {})) for m in METHODS for f in FAMILIES]
CONDITIONED = [
    ("vae_gan", "larsen", {"condition": CONDITION}),
    ("vae_dis_l", "spectral", {"condition": CONDITION}),
]
pytestmark = pytest.mark.usefixtures("double")


def after(objective: Objective, family: str, wanted: bool) -> dict[str, Any]:
    """Everything that two steps on two batches each leave behind, random numbers included."""
    played = with_adam(game(objective, family, batches=2))
    with checkpoint_passes(played.nets, wanted):
        played.play()
        played.play(t=1)
    return snapshot(played.nets) | {"random": {"state": torch.get_rng_state()}}


@pytest.mark.parametrize(("method", "family", "settings"), EVERY + OPTIONS + CONDITIONED)
def test_two_steps_leave_the_same_behind(method: str, family: str, settings: dict[str, Any]) -> None:
    objective = objective_of(method, **settings)
    plain, again = after(objective, family, False), after(objective, family, True)
    for player, values in plain.items():
        for name, value in values.items():
            other = again[player][name]
            assert torch.allclose(other.double(), value.double(), rtol=1e-10, atol=1e-12), name


def test_passes_are_plain_again_afterwards_even_after_an_error() -> None:
    played = game(objective_of("ae"), "mlp")
    with pytest.raises(ZeroDivisionError), checkpoint_passes(played.nets):
        assert "forward" in vars(played.nets["encoder"])
        raise ZeroDivisionError
    assert not any("forward" in vars(net) for net in played.nets.values())
