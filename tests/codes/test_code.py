"""What every layout of codes has in common."""

import pytest
import torch

from likeness.codes import ClassAndStyle, Code, Flat, Heads, Spatial, StyleAndLabel
from support.blank_games import FAMILY, SHAPE

ROWS = [Flat(latent=3), ClassAndStyle(classes=4, latent=3), StyleAndLabel(classes=4, latent=3)]
ROWS = [*ROWS, Heads(classes=4, latent=3)]


def named(code: Code) -> str:
    return type(code).__name__


@pytest.mark.parametrize("code", ROWS, ids=named)
def test_whole_codes_become_rows_and_are_again_what_they_were(code: Code) -> None:
    shape = code.shape(FAMILY, SHAPE)
    whole = torch.randn(5, *shape)
    assert torch.equal(code.unflatten(code.flatten(whole), shape), whole)


@pytest.mark.parametrize("code", ROWS, ids=named)
def test_the_prior_is_of_as_many_dimensions_as_styles_have(code: Code) -> None:
    assert code.style(torch.randn(5, *code.shape(FAMILY, SHAPE))).shape == (5, code.dims)


@pytest.mark.parametrize("code", ROWS, ids=named)
def test_a_second_number_for_each_dimension_is_asked_of_an_encoder_for_dimensions_of_the_prior_alone(
    code: Code,
) -> None:
    (one,), (two,) = (
        code.encoder_output_shape(1, FAMILY, SHAPE),
        code.encoder_output_shape(2, FAMILY, SHAPE),
    )
    assert two - one == code.dims


@pytest.mark.parametrize("code", ROWS, ids=named)
def test_networks_of_a_layouts_own_have_the_names_that_it_says(code: Code) -> None:
    assert tuple(code.networks()) == code.own_players


def test_which_layouts_have_classes_and_which_need_labels() -> None:
    every: list[Code] = [*ROWS, Spatial()]
    assert [named(c) for c in every if c.classifies] == ["ClassAndStyle", "Heads"]
    assert [named(c) for c in every if c.needs_labels] == ["StyleAndLabel"]
    assert [c.class_count for c in every] == [0, 4, 4, 4, 0]
