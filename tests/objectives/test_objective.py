"""What every objective is: players for its moves, codes of its prior, a check of the data."""

from typing import Any

import pytest
import torch
from pydantic import TypeAdapter
from torch import nn

from likeness import config, registry
from likeness.batch import Batch
from likeness.codes import Flat
from likeness.errors import UserError
from likeness.nets import Family, Players
from likeness.objectives import Moves, Objective, Phase, Step
from likeness.settings import settings
from likeness.shapes import Shape
from support.blank_games import LABELS, X, code_size, networks, objective_of, sampled

METHODS = registry.names("likeness.objectives")


@pytest.mark.parametrize("method", METHODS)
def test_who_moves_is_a_player_and_who_stays_is_borrowed(method: str) -> None:
    objective = objective_of(method)
    moving = {player for players in objective.moves.values() for player in players}
    assert networks(objective).keys() - moving == set(objective.pretrained_players)
    assert moving <= networks(objective).keys()


@pytest.mark.parametrize("method", METHODS)
def test_what_the_prior_is_about_is_a_part_of_each_whole_code(method: str) -> None:
    objective = objective_of(method, prior={"name": "normal", "std": 50.0})
    nets = networks(objective)
    whole = sampled(objective, nets, 400)
    styles = objective.code.style(whole)
    assert whole.shape == (400, code_size(objective))
    assert styles.shape == (400, 3) and 45 < styles.std().item() < 55
    assert nets["decoder"](whole).shape == (400, 2, 4, 4)


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"gan"}))
def test_an_image_has_a_whole_code_that_is_the_same_each_time(method: str) -> None:
    objective = objective_of(method)
    nets = networks(objective).eval()
    z = objective.encode(nets, X, LABELS).mean
    assert z.shape == (6, code_size(objective)) and torch.equal(z, objective.encode(nets, X, LABELS).mean)
    assert not torch.equal(z[0], z[3]), "two images of one class have a code each"


@pytest.mark.parametrize("method", ["aae", "gan", "aae_cluster"])
def test_a_prior_of_the_plane_needs_codes_of_two_dimensions(method: str) -> None:
    objective = objective_of(method, prior={"name": "petals"})
    with pytest.raises(
        UserError, match="the prior petals lies in the plane, --latent is 3; use --latent 2"
    ):
        objective.check(LABELS, 64)
    assert objective_of(method, prior={"name": "petals"}, latent=2).check(LABELS, 64) is None


def test_an_objective_without_a_game_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Objective()  # type: ignore[abstract]


@settings
class Inherited(Objective):
    """An objective that does not say which layouts it admits."""

    @property
    def moves(self) -> Moves:
        return {}

    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        return {}

    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        yield Phase({})
        return {}


@pytest.mark.parametrize("said", [{"latent": 8}, {"code": {"name": "spatial", "channels": 3}}])
def test_a_layout_that_is_inherited_is_written_whole_and_read_back(said: dict[str, Any]) -> None:
    made = config.check(Inherited, said, "objective")
    document = TypeAdapter(Inherited).dump_python(made, mode="json")
    assert config.check(Inherited, document, "objective").code == made.code != Flat()
