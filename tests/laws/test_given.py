"""The laws hold as well where networks are told attributes, for every method and every family."""

from dataclasses import replace

import pytest
import torch

from laws import laws
from laws.games import (
    DESIGNS,
    GIVEN,
    METHODS,
    batch,
    game,
    gradients,
    objective_of,
    relative_error,
    snapshot,
)
from likeness.nets import told
from likeness.objectives import Objective
from likeness.shapes import UNLABELLED

pytestmark = pytest.mark.usefixtures("double")
LARSENS = ("vae", "gan", "vae_dis_l", "vae_gan")
CASES = [(m, "mlp") for m in METHODS] + [(m, f) for m in LARSENS for f in DESIGNS if f != "mlp"]


def conditional(method: str) -> Objective:
    """The objective with attributes, without the balance rule, which leaves moves out."""
    rule = {"balance": False} if method in ("gan", "vae_gan") else {}
    return objective_of(method, given=GIVEN, **rule)


@pytest.mark.parametrize(("method", "family"), CASES)
def test_each_phase_changes_exactly_the_networks_its_moves_name(method: str, family: str) -> None:
    laws.only_named_networks_change(conditional(method), family)


@pytest.mark.parametrize(("method", "family"), CASES)
def test_gradients_of_each_phase_are_those_written_down_by_hand(method: str, family: str) -> None:
    laws.gradients_are_those_of_the_paper(conditional(method), family)


@pytest.mark.parametrize("method", METHODS)
def test_nothing_changes_in_a_network_that_is_only_looked_through(method: str) -> None:
    laws.nothing_leaks_into_what_is_looked_through(conditional(method), "mlp")


def test_nor_does_what_spectral_normalisation_remembers_of_attributes() -> None:
    laws.only_named_networks_change(conditional("vae_gan"), "spectral")
    laws.nothing_leaks_into_what_is_looked_through(conditional("vae_gan"), "spectral")


@pytest.mark.parametrize("family", DESIGNS)
def test_of_two_batches_each_is_told_its_own_attributes(family: str) -> None:
    laws.accumulation_is_the_mean(objective_of("ae", given=GIVEN), family)


def test_labelled_images_that_come_beside_have_their_own_attributes() -> None:
    some = replace(batch(0), labels=torch.tensor([0, UNLABELLED, 2, 1, UNLABELLED, 2]))
    given = replace(some, labelled=batch(5))
    laws.gradients_are_those_of_the_paper(
        objective_of("aae_semi", classes=3, given=GIVEN), "mlp", given=given
    )


@pytest.mark.parametrize("method", LARSENS)
def test_every_player_that_sees_images_or_makes_them_hears(method: str) -> None:
    """Another attribute changes what encoder, decoder and discriminator say."""
    played = game(conditional(method), "larsen")
    given = {"encoder": batch(0).x, "decoder": torch.randn(6, 3), "discriminator": batch(0).x}
    has = torch.ones(6, 2)
    for name in given.keys() & played.nets.keys():
        said = []
        for attributes in (has, 1 - has):
            with told(attributes):
                found = played.nets[name].eval()(given[name])
                said.append(found.logits if name == "discriminator" else found)
        assert (said[0] != said[1]).flatten(1 if said[0].dim() > 1 else 0).any(-1).all(), name


def test_attributes_of_one_image_change_the_gradient() -> None:
    ends, own = [], batch(0).attributes
    assert own is not None
    for attributes in (own, 1 - own):
        played = game(conditional("vae"), "mlp")
        played.batches = [replace(batch(0), attributes=attributes)]
        before = snapshot(played.nets)
        played.play()
        ends.append(gradients(before, snapshot(played.nets), ("encoder", "decoder"), played.nets))
    assert relative_error(*ends) > 1e-3
