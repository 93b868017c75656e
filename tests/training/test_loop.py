"""The loop: where it begins and ends, rates, seeds, and what each step reports."""

import pytest
import torch

from laws.games import FAMILIES, SHAPE, objective_of
from likeness.batch import Batch
from likeness.training.loop import loop, networks, seed_noise, set_rates
from likeness.training.optimizers import Cosine
from likeness.training.settings import TrainingSettings
from support.small_trainings import Same, begun


def test_each_move_has_its_rate_times_the_schedule() -> None:
    state, settings = begun(lr=0.1, rates={"discriminator": 0.3}, schedule=Cosine())
    set_rates(state.moves, settings, 0.5)
    rates = {name: move.optimizer.param_groups[0]["lr"] for name, move in state.moves.items()}
    assert rates == pytest.approx({"decoder": 0.05, "discriminator": 0.15})


def test_the_loop_goes_on_from_the_step_it_is_told() -> None:
    state, settings = begun()
    steps = [t for t, _ in loop(objective_of("gan"), state, Same(), settings, 3, 6)]
    assert steps == [4, 5, 6]


class Asked(Same):
    """The same images, and which batches were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[int] = []

    def at(self, t: int) -> Batch:
        """They."""
        self.numbers.append(t)
        return super().at(t)


def test_each_step_takes_the_batches_of_its_number() -> None:
    (state, settings), asked = begun("ae", accumulate=3), Asked()
    for _ in loop(objective_of("ae"), state, asked, settings, 2, 4):
        pass
    assert asked.numbers == [6, 7, 8, 9, 10, 11]


def test_a_training_without_an_end_goes_on_at_the_same_rate() -> None:
    state, settings = begun("ae", lr=0.25, minutes=1.0)
    endless = loop(objective_of("ae"), state, Same(), settings, 0, None)
    assert [next(endless)[0] for _ in range(5)] == [1, 2, 3, 4, 5]
    assert [g["lr"] for m in state.moves.values() for g in m.optimizer.param_groups] == [0.25]


def test_each_step_reports_the_gradient_of_every_move() -> None:
    state, settings = begun()
    _, report = next(loop(objective_of("gan"), state, Same(), settings, 0, 1))
    norms = {name.removeprefix("grad_"): v for name, v in report.items() if name.startswith("grad_")}
    assert norms.keys() == state.moves.keys()
    assert all(float(norm) > 0 for norm in norms.values())


def test_first_weights_are_a_function_of_the_seed() -> None:
    made = [
        networks(objective_of("ae"), FAMILIES["mlp"], SHAPE, TrainingSettings(seed=seed, device="cpu"))
        for seed in (0, 0, 1)
    ]
    first, same, other = ([p.detach() for p in nets.parameters() if p.dim() > 1] for nets in made)
    assert all(torch.equal(a, b) for a, b in zip(first, same, strict=True))
    assert not any(torch.equal(a, b) for a, b in zip(first, other, strict=True))


def test_noise_is_a_function_of_the_seed_and_of_the_step() -> None:
    def drawn(seed: int, t: int) -> float:
        seed_noise(seed, t)
        return torch.rand(1).item()

    assert drawn(3, 5) == drawn(3, 5)
    assert len({drawn(seed, t) for seed in range(5) for t in range(5)}) == 25


def test_an_average_is_kept_only_where_it_is_asked_for() -> None:
    for ema, there in ((0.0, False), (0.9, True)):
        state, settings = begun("ae", ema=ema)
        next(loop(objective_of("ae"), state, Same(), settings, 0, 1))
        assert (state.average is not None) == there
