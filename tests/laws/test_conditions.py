"""The laws hold as well under a condition, for every method and every family."""

from dataclasses import replace

import pytest
import torch

from laws import laws
from laws.games import (
    CONDITION,
    CONDITIONS,
    DESIGNS,
    METHODS,
    batch,
    game,
    gradients,
    objective_of,
    relative_error,
    snapshot,
)
from likeness.objectives import Objective
from likeness.shapes import UNLABELLED

pytestmark = pytest.mark.usefixtures("double")
LARSENS = ("vae", "gan", "vae_dis_l", "vae_gan")
CASES = [(m, "mlp") for m in METHODS] + [(m, f) for m in LARSENS for f in DESIGNS if f != "mlp"]


def conditional(method: str, names: tuple[str, ...] = CONDITION) -> Objective:
    """The objective with a condition, without the balance rule, which leaves moves out."""
    rule = {"balance": False} if method in ("gan", "vae_gan") else {}
    return objective_of(method, condition=names, **rule)


@pytest.mark.parametrize(("method", "family"), CASES)
def test_each_phase_changes_exactly_the_networks_its_moves_name(method: str, family: str) -> None:
    laws.only_named_networks_change(conditional(method), family)


@pytest.mark.parametrize(("method", "family"), CASES)
def test_gradients_of_each_phase_are_those_written_down_by_hand(method: str, family: str) -> None:
    laws.gradients_are_those_of_the_paper(conditional(method), family)


@pytest.mark.parametrize("method", METHODS)
def test_nothing_changes_in_a_network_that_is_only_looked_through(method: str) -> None:
    laws.nothing_leaks_into_what_is_looked_through(conditional(method), "mlp")


def test_nor_does_what_spectral_normalisation_remembers_of_a_condition() -> None:
    laws.only_named_networks_change(conditional("vae_gan"), "spectral")
    laws.nothing_leaks_into_what_is_looked_through(conditional("vae_gan"), "spectral")


@pytest.mark.parametrize("family", DESIGNS)
def test_of_two_batches_each_has_its_own_condition(family: str) -> None:
    laws.accumulation_is_the_mean(objective_of("ae", condition=CONDITION), family)


def test_labelled_images_that_come_beside_have_their_own_condition() -> None:
    some = replace(batch(0), labels=torch.tensor([0, UNLABELLED, 2, 1, UNLABELLED, 2]))
    given = replace(some, labelled=batch(5))
    laws.gradients_are_those_of_the_paper(
        objective_of("aae_semi", classes=3, condition=CONDITION), "mlp", given=given
    )


@pytest.mark.parametrize("method", LARSENS)
def test_every_player_that_sees_images_or_makes_them_takes_it(method: str) -> None:
    """Another condition changes what encoder, decoder and discriminator say."""
    played = game(conditional(method), "larsen")
    given = {"encoder": batch(0).x, "decoder": torch.randn(6, 3), "discriminator": batch(0).x}
    has = torch.ones(6, 2)
    for name in given.keys() & played.nets.keys():
        said = []
        for condition in (has, 1 - has):
            found = played.nets[name].eval()(given[name], condition)
            said.append(found.logits if name == "discriminator" else found)
        assert (said[0] != said[1]).flatten(1 if said[0].dim() > 1 else 0).any(-1).all(), name


def test_the_condition_changes_the_gradient() -> None:
    ends, own = [], batch(0).condition
    assert own is not None
    for condition in (own, 1 - own):
        played = game(conditional("vae"), "mlp")
        played.batches = [replace(batch(0), condition=condition)]
        before = snapshot(played.nets)
        played.play()
        ends.append(gradients(before, snapshot(played.nets), ("encoder", "decoder"), played.nets))
    assert relative_error(*ends) > 1e-3


@pytest.mark.parametrize("names", CONDITIONS, ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_the_laws_hold_for_numbers_and_classes(method: str, names: tuple[str, ...]) -> None:
    laws.only_named_networks_change(conditional(method, names), "mlp")
    laws.gradients_are_those_of_the_paper(conditional(method, names), "mlp")


@pytest.mark.parametrize("names", CONDITIONS, ids=str)
def test_of_two_batches_with_numbers_and_classes_each_has_its_own(names: tuple[str, ...]) -> None:
    laws.accumulation_is_the_mean(objective_of("ae", condition=names), "resnet")
