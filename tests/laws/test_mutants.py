"""The laws catch what went wrong elsewhere: each trap that others fell into, and the wrong sign."""

from collections.abc import Callable

import pytest

from laws import laws, mutants
from laws.games import CONDITION, Advance, objective_of
from likeness.objectives import Objective

pytestmark = pytest.mark.usefixtures("double")
NO_LEAK = laws.nothing_leaks_into_what_is_looked_through
LATE = objective_of("vae_gan", start=9)
AE, AAE, VAE_DIS_L, VAE_GAN = map(objective_of, ("ae", "aae", "vae_dis_l", "vae_gan"))
PAUSES = laws.pauses_are_decided_once_by_all_batches
CAUGHT = [
    (NO_LEAK, VAE_GAN, "mlp", mutants.own_gradients_alone_are_cleared, "a gradient is left"),
    (NO_LEAK, AAE, "larsen", mutants.statistics_follow_every_pass, "looked through changes"),
    (NO_LEAK, VAE_DIS_L, "larsen", mutants.everybody_in_training_mode, "a frozen player trains"),
    (NO_LEAK, LATE, "mlp", mutants.everybody_moves, "looked through changes"),
    (laws.only_named_networks_change, LATE, "mlp", mutants.everybody_moves, "another network changes"),
    (PAUSES, objective_of("gan"), "mlp", mutants.each_batch_decides, "decided more than once"),
    (PAUSES, objective_of("vae_gan"), "mlp", mutants.each_batch_decides, "decided more than once"),
    (laws.accumulation_is_the_mean, AE, "mlp", mutants.last_batch_alone, "not averaged"),
    (laws.accumulation_is_the_mean, AE, "mlp", mutants.batches_are_summed, "not averaged"),
]
"""A law, the objective and networks to try it on, an engine that breaks it, and what the law says."""


def test_the_objective_that_mutants_start_from_is_right() -> None:
    laws.gradients_are_those_of_the_paper(mutants.true(), "larsen")


@pytest.mark.parametrize("mutant", mutants.OBJECTIVES)
def test_a_wrong_objective_is_caught(mutant: Callable[[], Objective]) -> None:
    with pytest.raises(AssertionError, match="another gradient"):
        laws.gradients_are_those_of_the_paper(mutant(), "larsen", claimed=mutants.true())


def test_the_condition_of_another_image_is_caught() -> None:
    right = objective_of("vae_gan", **mutants.TRUE, condition=CONDITION)
    laws.gradients_are_those_of_the_paper(right, "larsen")
    for wrong in (mutants.condition_of_another(), mutants.condition_forgotten_in_the_step()):
        with pytest.raises(AssertionError, match="another gradient"):
            laws.gradients_are_those_of_the_paper(wrong, "larsen", claimed=right)


@pytest.mark.parametrize("engine", mutants.ENGINES)
def test_a_wrong_engine_is_caught(engine: Advance) -> None:
    with pytest.raises(AssertionError, match="another gradient"):
        laws.gradients_are_those_of_the_paper(mutants.true(), "larsen", engine)


@pytest.mark.parametrize(("law", "objective", "family", "engine", "said"), CAUGHT)
def test_a_law_holds_for_the_engine_and_catches_a_wrong_one(
    law: Callable[..., None], objective: Objective, family: str, engine: Advance, said: str
) -> None:
    law(objective, family)
    with pytest.raises(AssertionError, match=said):
        law(objective, family, engine)
