"""The laws hold for every method with every layout of codes that it admits, conditioned and not."""

from dataclasses import fields
from typing import Any, get_args

import pytest
import torch

from laws import laws, several
from laws.games import CONDITION, FAMILIES, METHODS, SHAPE, batch, game, objective_of
from laws.test_parts import FEW, add_up, half_valid, same, unlike, whole_batch
from likeness import config
from likeness.codes import Code, Heads, Spatial
from likeness.config import objective_class
from likeness.errors import UserError
from likeness.noise import SeededNoise
from likeness.objectives import Objective

pytestmark = pytest.mark.usefixtures("double")
MAPS: dict[str, Any] = {"code": {"name": "spatial", "channels": 3}}
SPATIAL = ["aae", "ae", "vae", "vae_dis_l", "vae_gan"]
OPTIONS: list[tuple[str, dict[str, Any]]] = [
    ("vae", {"beta": 0.3, "prior": {"name": "normal", "std": 2.0}, "likelihood": "laplace"}),
    ("vae_gan", {"balance": False, "r1": 0.5, "feature_likelihood": "normal"}),
    ("vae_gan", {"balance": False, "adaptive": True}),
    ("aae", {"posterior": "gaussian", "code_noise": 0.2, "r1": 0.3}),
    ("aae", {"posterior": "fixed_variance", "view.noise": 0.2}),
]


def layouts(method: str) -> set[type[Code]]:
    """The layouts that a method's field `code` may be."""
    kind = objective_class(method).__pydantic_fields__["code"].annotation  # type: ignore[attr-defined]
    return set(get_args(kind) or (kind,))


def objective_with(method: str, **settings: Any) -> Objective:
    """A tiny objective of any layout."""
    return config.check(objective_class(method), settings, "objective")


def maps(method: str, conditioned: bool = False, **settings: Any) -> Objective:
    """The method with codes that are maps of three channels, two by two."""
    given = {"condition": CONDITION} if conditioned else {}
    rule = {"balance": False} if method == "vae_gan" else {}
    return objective_with(method, **MAPS | given | rule | settings)


def test_every_method_admits_the_layouts_that_the_table_says() -> None:
    admit = {method for method in METHODS if Spatial in layouts(method)}
    assert sorted(admit) == SPATIAL
    assert {m for m in METHODS if issubclass(next(iter(layouts(m))), Heads)} == {"aae_reduce"}


@pytest.mark.parametrize("conditioned", [False, True])
@pytest.mark.parametrize("method", SPATIAL)
def test_the_laws_hold_for_maps(method: str, conditioned: bool) -> None:
    objective = maps(method, conditioned)
    assert objective.code_shape(FAMILIES["resnet"], SHAPE) == (3, 2, 2)
    laws.only_named_networks_change(objective, "resnet")
    laws.gradients_are_those_of_the_paper(objective, "resnet")
    laws.nothing_leaks_into_what_is_looked_through(objective, "resnet")


@pytest.mark.parametrize(("method", "settings"), OPTIONS, ids=lambda value: str(value)[:60])
def test_gradients_of_maps_are_right_under_every_option(method: str, settings: dict[str, Any]) -> None:
    laws.gradients_are_those_of_the_paper(maps(method, **settings), "resnet")


@pytest.mark.parametrize("conditioned", [False, True])
@pytest.mark.parametrize("method", SPATIAL)
def test_parts_of_a_batch_add_up_for_maps(method: str, conditioned: bool) -> None:
    add_up(maps(method, conditioned), "resnet", whole_batch(method))


@pytest.mark.parametrize("conditioned", [False, True])
@pytest.mark.parametrize("method", sorted(set(METHODS) - set(SPATIAL)))
def test_parts_of_a_batch_add_up_with_a_condition(method: str, conditioned: bool) -> None:
    few = FEW if method.startswith("aae_") else {}
    given = {"condition": CONDITION} if conditioned else {}
    add_up(objective_of(method, **few, **given), "mlp", whole_batch(method))


@pytest.mark.parametrize("method", SPATIAL)
def test_pixels_that_are_not_valid_change_nothing_of_maps(method: str) -> None:
    objective, ends = maps(method), []
    for fill in (0.7, float("nan")):
        given = half_valid(whole_batch(method), fill).with_noise(SeededNoise((1,)))
        ends.append(several.played(objective, game(objective, "resnet").nets, given))
    for one, two in zip(ends[0].gradients, ends[1].gradients, strict=True):
        assert all(torch.equal(one[move], two[move]) for move in one)


@pytest.mark.parametrize("method", SPATIAL)
def test_nor_does_what_a_decoder_makes_of_maps_there(method: str) -> None:
    objective = maps(method)
    assert same(unlike(objective, "resnet", 0.0), unlike(objective, "resnet", 7.0))


@pytest.mark.parametrize("family", ["larsen", "mlp"])
def test_a_family_without_maps_is_refused_in_one_line(family: str) -> None:
    with pytest.raises(UserError, match="has flat codes only; take --net resnet"):
        game(maps("vae"), family)


def test_samples_of_a_prior_in_the_plane_lie_in_it_at_every_place() -> None:
    objective = objective_with("aae", code={"name": "spatial", "channels": 2}, prior="petals")
    nets = game(objective, "resnet").nets
    z = objective.sample(nets, 50, (2, 2, 2), SeededNoise((0,)))
    radii = z.square().sum(1).sqrt()
    assert z.shape == (50, 2, 2, 2) and float(radii.mean()) == pytest.approx(1.4, abs=0.15)
    places = z.movedim(1, -1).flatten(0, -2)
    assert len(places.unique(dim=0)) == 200, "places share their noise"


def test_a_prior_that_needs_the_plane_names_the_option_of_the_layout() -> None:
    objective = maps("aae", prior="petals")
    with pytest.raises(UserError, match=r"--code\.channels is 3; use --code\.channels 2"):
        objective.check(batch(0).labels, 64)


def test_rows_and_maps_are_one_another_in_order() -> None:
    code = Spatial(channels=3)
    z = torch.arange(2 * 3 * 2 * 2).view(2, 3, 2, 2).double()
    assert torch.equal(code.unflatten(code.flatten(z), (3, 2, 2)), z)
    assert [f.name for f in fields(code)] == ["name", "channels"]
