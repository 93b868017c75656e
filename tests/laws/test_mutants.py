"""The laws catch what went wrong elsewhere: each trap that others fell into, and the wrong sign."""

from collections.abc import Callable, Iterator

import pytest
import torch

from laws import laws, mutants
from laws.games import Advance, objective_of
from likeness.objectives._objective import Objective


@pytest.fixture(autouse=True)
def double() -> Iterator[None]:
    """All in float64."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def test_the_objective_that_mutants_start_from_is_right() -> None:
    laws.gradients_are_those_of_the_paper(mutants.true(), "larsen")


@pytest.mark.parametrize("mutant", mutants.OBJECTIVES)
def test_a_wrong_objective_is_caught(mutant: Callable[[], Objective]) -> None:
    with pytest.raises(AssertionError, match="another gradient"):
        laws.gradients_are_those_of_the_paper(mutant(), "larsen", claimed=mutants.true())


@pytest.mark.parametrize("engine", mutants.ENGINES)
def test_a_wrong_engine_is_caught(engine: Advance) -> None:
    with pytest.raises(AssertionError, match="another gradient"):
        laws.gradients_are_those_of_the_paper(mutants.true(), "larsen", engine)


def test_gradients_left_behind_are_caught() -> None:
    with pytest.raises(AssertionError, match="a gradient is left"):
        laws.nothing_leaks_into_what_is_looked_through(
            mutants.true(), "mlp", mutants.own_gradients_alone_are_cleared
        )


def test_gradients_that_are_not_averaged_are_caught() -> None:
    with pytest.raises(AssertionError):
        laws.accumulation_is_the_mean(objective_of("ae"), "mlp", mutants.last_batch_alone)


def test_an_engine_that_moves_everybody_is_caught() -> None:
    """An engine that makes every move in every phase."""
    gan = objective_of("gan", balance=False)

    def every_move(objective, nets, moves, batches, t):
        for losses in objective.step(nets, batches[0], t):
            torch.stack(list(losses.values())).sum().backward()
            with torch.no_grad():
                for parameter in nets.parameters():
                    parameter.sub_(0.1 * parameter.grad if parameter.grad is not None else 0)

    with pytest.raises(AssertionError):
        laws.gradients_are_those_of_the_paper(gan, "larsen", every_move)
