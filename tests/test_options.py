"""Settings classes as options: which there are, what help says of them, and how they are named."""

from collections.abc import Callable
from dataclasses import asdict, field
from typing import Annotated, Literal

import pytest

from likeness.config import SECTIONS
from likeness.errors import UserError
from likeness.options import (
    AmbiguousNameError,
    Option,
    choices,
    ends_of,
    fields,
    options,
    resolve,
    shortest_ends,
)
from likeness.priors import DensityPrior, Normal
from likeness.registry import register
from likeness.settings import Count, Fraction, NoOption, Rare, settings
from support.registered import left_as_it_was as left_as_it_was


@settings
class Round:
    """A shape."""

    name: Literal["round"] = "round"
    radius: Annotated[Fraction, Rare()] = 0.5
    """Half the width, 50 % at most."""


@settings
class Square:
    """Another."""

    name: Literal["square"] = "square"
    side: Fraction = 0.25
    """Width."""


@settings
class Base:
    """What is inherited."""

    how_many: Count = 2
    """Number of shapes."""


@settings
class Drawing(Base):
    """A choice, a switch, and a number whose default is another."""

    how_many: Count = 3
    shape: Round | Square = Square()
    """Shape to draw."""
    filled: bool = True
    """Fill the shape."""
    parts: tuple[Round, ...] = ()
    """Its parts."""
    weights: dict[str, float] = field(default_factory=dict)
    """Weight of each."""
    function: Annotated[Callable[[int], int] | None, NoOption()] = None
    """What only Python can set."""


@settings
class Frame:
    """A group of settings."""

    breadth: Count = 2
    """Breadth."""
    corners: Round | Square = Round()
    """Its corners."""


@settings
class Framed:
    """A drawing with a frame."""

    code: Round | Square = Square()
    """What is drawn."""
    frame: Frame = Frame(breadth=7)
    """What is around it."""


@settings
class Coder:
    """A choice by name, among the entries of a package."""

    prior: DensityPrior = Normal()
    """Prior of the codes."""


def by_path(cls: type) -> dict[str, Option]:
    """The options of a class, in the section `x`."""
    return {option.path: option for option in options(cls, "x")}


def test_every_setting_is_an_option_with_its_docstring_bounds_and_default() -> None:
    found = {path: option.help for path, option in by_path(Drawing).items()}
    assert found == {
        "x.how_many": "Number of shapes. (at least 1; default: 3)",
        "x.shape": "Shape to draw. (default: square)",
        "x.shape.radius": "round: Half the width, 50 % at most. (from 0 to 1; default: 0.5)",
        "x.shape.side": "square: Width. (from 0 to 1; default: 0.25)",
        "x.filled": "Fill the shape. (default: on)",
        "x.parts": "Its parts.",
        "x.weights": "Weight of each.",
    }


def test_an_option_knows_what_stands_for_its_value() -> None:
    found = {path: (option.metavar, option.is_switch) for path, option in by_path(Drawing).items()}
    assert found["x.how_many"] == ("N", False) and found["x.filled"] == ("", True)
    assert found["x.shape"] == ("round|square", False) and found["x.shape.side"] == ("X", False)


def test_what_few_trainings_need_is_rare() -> None:
    rare = {path for path, option in by_path(Drawing).items() if option.rare}
    assert rare == {"x.shape.radius"}


def test_a_setting_of_a_group_has_the_default_of_the_class_that_has_the_group() -> None:
    found = by_path(Framed)
    assert found["x.frame.breadth"].help.endswith("default: 7)") and "x.frame" not in found
    assert "x.frame.corners.radius" in found and "x.code.side" in found


def test_fields_and_choices_are_those_of_the_class() -> None:
    found = {each.name: each for each in fields(Drawing)}
    assert list(found) == ["how_many", "shape", "filled", "parts", "weights"]
    assert choices(found["shape"].kind) == {"round": Round, "square": Square}
    assert choices(found["how_many"].kind) == {} and choices(found["parts"].kind) == {}


@pytest.mark.parametrize("section", SECTIONS)
def test_defaults_are_those_of_an_object_that_is_made_without_words(section: str) -> None:
    cls = SECTIONS[section]
    made = cls(data="x") if section == "data" else cls()
    known = {each.name: each.default for each in fields(cls) if each.name != "data"}
    assert known and known == {name: getattr(made, name) for name in asdict(made) if name in known}


def test_a_choice_by_name_offers_what_is_possible_there() -> None:
    found = by_path(Coder)
    assert found["x.prior"].metavar == "normal|petals"
    assert found["x.prior.petals"].help.startswith("petals: Number of Gaussians")
    assert "x.prior.half" not in found, "the uniform prior is not offered"


def test_a_registered_class_is_offered_with_its_settings() -> None:
    @register
    @settings
    class Broad(Normal):
        """Broader."""

        times: Fraction = 0.5
        """Factor."""

    found = by_path(Coder)
    assert found["x.prior"].metavar == "broad|normal|petals"
    assert found["x.prior.times"].help == "broad: Factor. (from 0 to 1; default: 0.5)"
    assert found["x.prior.std"].help.startswith("broad: Standard deviation in every dimension")


PATHS = [
    "objective.code",
    "objective.code.latent",
    "objective.view.shift",
    "augmentation.shift",
    "net.width",
]


def test_the_ends_of_a_name_are_all_that_it_can_be_written_as() -> None:
    assert ends_of("a.b.c") == ["c", "b.c", "a.b.c"]
    assert shortest_ends(PATHS) == {
        "objective.code": "code", "objective.code.latent": "latent", "objective.view.shift": "view.shift",
        "augmentation.shift": "augmentation.shift", "net.width": "width",
    }  # fmt: skip


def test_every_shortest_end_names_its_setting() -> None:
    assert all(resolve(end, PATHS) == path for path, end in shortest_ends(PATHS).items())


def test_a_name_of_no_setting_is_none_and_one_of_a_choice_may_be_loaded_later() -> None:
    assert resolve("atent", PATHS) is None and resolve("latent.code", PATHS) == "objective.code.latent.code"
    assert resolve("code.zeal", PATHS) == "objective.code.zeal"


def test_an_ambiguous_name_is_refused_with_all_that_it_may_be() -> None:
    with pytest.raises(AmbiguousNameError) as error:
        resolve("shift", PATHS)
    assert error.value.paths == ["augmentation.shift", "objective.view.shift"]
    assert isinstance(error.value, UserError) and "; write augmentation.shift or" in str(error.value)
