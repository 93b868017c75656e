"""Values that run along with a game: an objective declares them, the engine moves them."""

import copy
from typing import Any

import pytest
import torch
from torch import Tensor

from laws.games import FAMILIES, SHAPE, altered, batch, differing, game, objective_of, snapshot
from likeness.batch import Batch
from likeness.nets import Networks, Players
from likeness.objectives import Objective, Phase, Step
from likeness.training.averages import Average

pytestmark = pytest.mark.usefixtures("double")


def with_a_gaussian_of_codes() -> Any:
    """An AE that keeps the mean and the mean square of its codes, and reports their variance."""
    right = objective_of("ae")

    def running_values(self: Objective, *_: Any) -> dict[str, Tensor]:
        return {"mean": torch.zeros(3), "square": torch.ones(3)}

    def step(self: Objective, nets: Players, batch: Batch, t: int) -> Step:
        z = nets["encoder"](batch.x)
        phase = next(right.step(nets, batch, t))
        known = nets.running_values
        moments = {"mean": z.mean(0), "square": (z**2).mean(0)}
        yield Phase(phase.losses, running=moments)
        return {"variance": (known["square"] - known["mean"] ** 2).mean()}

    return altered(right, running_values=running_values, step=step)


def test_the_first_batches_count_alike_and_later_ones_push_out_old_ones() -> None:
    nets = Networks({}, {"mean": torch.zeros(())})
    values = torch.arange(1.0, 400.0)
    for k, value in enumerate(values, 1):
        nets.update_running({"mean": value})
        if k <= 90:
            assert float(nets.running_values["mean"]) == pytest.approx(float(values[:k].mean()), rel=1e-12)
    lag = float(values[-1] - nets.running_values["mean"])
    assert lag == pytest.approx(99, rel=0.2), "an average over some hundred steps"


def test_each_value_counts_its_own_steps() -> None:
    nets = Networks({}, {"mean": torch.tensor(100.0), "square": torch.tensor(100.0)})
    nets.update_running({"mean": torch.tensor(1.0)})
    nets.update_running({"square": torch.tensor(1.0)})
    assert float(nets.running_values["mean"]) == float(nets.running_values["square"]) == 1


def test_the_engine_moves_them_once_a_phase_by_the_mean_of_all_micro_batches() -> None:
    played = game(with_a_gaussian_of_codes(), "mlp", batches=2)
    codes = [played.nets["encoder"](b.x).detach() for b in played.batches]
    played.play()
    assert torch.allclose(
        played.nets.running_values["mean"], (codes[0].mean(0) + codes[1].mean(0)) / 2, rtol=1e-12
    )
    assert int(played.nets.get_buffer("steps_of_mean")) == 1


def test_they_are_no_player_that_a_move_changes_and_have_no_gradient() -> None:
    plain, running = game(objective_of("ae"), "mlp"), game(with_a_gaussian_of_codes(), "mlp")
    for played in (plain, running):
        played.play()
    assert not differing(snapshot(plain.nets), snapshot(running.nets)), "the game is another for it"
    assert not any(value.requires_grad for value in running.nets.running_values.values())


def test_they_are_saved_loaded_copied_and_averaged_with_the_networks() -> None:
    played = game(with_a_gaussian_of_codes(), "mlp")
    average = Average(played.nets, 0.9)
    played.play()
    average.update(played.nets, 1)
    fresh = with_a_gaussian_of_codes().networks(FAMILIES["mlp"], SHAPE)
    assert not torch.equal(fresh.running_values["mean"], played.nets.running_values["mean"])
    fresh.load_state_dict(played.nets.state_dict())
    for other in (fresh, average.nets, copy.deepcopy(played.nets)):
        assert torch.equal(other.running_values["square"], played.nets.running_values["square"])


def test_a_step_sees_them_beside_players_with_a_condition_too() -> None:
    nets = objective_of("ae").networks(FAMILIES["mlp"], SHAPE, 2)
    both = Networks(dict(nets), {"mean": torch.ones(2)})
    assert torch.equal(both.of(batch(0).condition).running_values["mean"], torch.ones(2))
