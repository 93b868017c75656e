"""Flags out of settings: which there are, what is said of them, and what comes of what is typed."""

import sys
from collections.abc import Callable
from dataclasses import asdict, field
from typing import Annotated, Literal

import pytest

from likeness.commands._options import (
    Parser,
    add_settings,
    choices,
    fields,
    nested,
    numbers,
)
from likeness.config import SECTIONS
from likeness.errors import UserError
from likeness.priors import DensityPrior, Normal
from likeness.registry import register
from likeness.settings import Count, Fraction, NoOption, settings
from support.registered import installed as installed
from support.registered import left_as_it_was as left_as_it_was


@settings
class Round:
    """A shape."""

    name: Literal["round"] = "round"
    radius: Fraction = 0.5
    """Half as wide, 50 % at most."""


@settings
class Square:
    """Another."""

    name: Literal["square"] = "square"
    side: Fraction = 0.25
    """As wide."""


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
    """What is drawn."""
    filled: bool = True
    """Whether it is filled."""
    parts: tuple[Round, ...] = ()
    """What it is made of."""
    weights: dict[str, float] = field(default_factory=dict)
    """How much of each."""


@settings
class Coder:
    """A choice by name, among what there is."""

    prior: DensityPrior = Normal()
    """What the codes are like."""


def parser(*classes: type) -> Parser:
    """A parser of some settings."""
    made = Parser(prog="likeness draw")
    for cls in classes:
        add_settings(made, cls.__name__, cls)
    return made


def helps(of: Parser) -> dict[str, str]:
    """The help of each option."""
    return {option: action.help or "" for action in of._actions for option in action.option_strings}


def test_every_setting_is_an_option_with_its_docstring_and_default() -> None:
    found = helps(parser(Drawing))
    assert found["--how-many"] == "Number of shapes. (default: 3)", "the docstring is the base's"
    assert found["--shape"] == "What is drawn. (default: square)"
    assert found["--filled"] == found["--no-filled"] == "Whether it is filled. (default: yes)"
    assert found["--weights"] == "How much of each.", "an empty default is not worth a word"
    assert found["--shape.radius"] == "round: Half as wide, 50 %% at most. (default: 0.5)"
    assert "--parts.radius" not in found


def test_a_percent_sign_is_shown_as_one() -> None:
    assert "50 % at most" in parser(Drawing).format_help()


def test_an_option_that_is_there_already_is_left_as_it_is() -> None:
    assert helps(parser(Base, Drawing))["--how-many"] == "Number of shapes. (default: 2)"


def test_options_may_have_a_prefix_and_become_a_section() -> None:
    made = Parser(prog="likeness draw")
    add_settings(made, "Drawing", Drawing, prefix="net.")
    words = ["--net.how_many", "4", "--net.shape", "round", "--net.shape.radius", "0.1", "--no-net.filled"]
    flat = vars(made.read(words))
    assert flat == {
        "net.how_many": "4", "net.shape": "round", "net.shape.radius": "0.1", "net.filled": False,
    }  # fmt: skip


def test_what_is_not_typed_is_not_there() -> None:
    assert vars(parser(Drawing).read([])) == {}


@settings
class Given:
    """A setting that cannot be typed."""

    function: Annotated[Callable[[int], int] | None, NoOption()] = None
    """What is done."""
    times: Count = 1
    """How often."""


def test_what_only_python_can_give_is_no_option() -> None:
    assert [name for name, *_ in fields(Given)] == ["times"]
    with pytest.raises(UserError, match="'--function' is not understood"):
        parser(Given).read(["--function", "abs"])


def test_fields_and_choices_are_those_of_the_class() -> None:
    assert [name for name, *_ in fields(Drawing)] == ["how_many", "shape", "filled", "parts", "weights"]
    kinds = {name: kind for name, kind, *_ in fields(Drawing)}
    assert (
        choices(kinds["shape"]) == {"round": Round, "square": Square} and choices(kinds["how_many"]) == {}
    )
    assert choices(kinds["parts"]) == {}, "several of them are no choice"


@pytest.mark.parametrize("section", SECTIONS)
def test_defaults_are_those_of_an_object_that_is_made_without_words(section: str) -> None:
    cls = SECTIONS[section]
    made = cls(data="x") if section == "data" else cls()
    known = {name: default for name, _, default, _ in fields(cls) if name != "data"}
    assert known and known == {name: getattr(made, name) for name in asdict(made) if name in known}


@settings
class Frame:
    """A group of settings."""

    breadth: Count = 2
    """How broad."""
    colour: str = "black"
    """Of the frame."""
    corners: Round | Square = Round()
    """Its corners."""


@settings
class Framed:
    """A drawing with a frame."""

    code: Round | Square = Square()
    """What is drawn."""
    frame: Frame = Frame(breadth=7)
    """What is around it."""


def test_a_setting_of_a_group_is_an_option_with_and_without_the_group() -> None:
    found = helps(parser(Framed))
    assert found["--breadth"] == found["--frame.breadth"] == "How broad. (default: 7)", "as the class says"
    assert found["--corners"] == found["--frame.corners"] == "Its corners. (default: round)"
    assert "--frame.corners.radius" in found and "--frame" not in found
    assert found["--side"] == found["--code.side"], "so it is of the layout of codes"
    for words in (["--breadth", "3"], ["--frame.breadth", "3"]):
        assert vars(parser(Framed).read(words)) == {"frame.breadth": "3"}


def test_a_name_that_another_section_has_is_an_option_with_its_group_alone() -> None:
    made = Parser(prog="likeness draw")
    add_settings(made, "Framed", Framed, taken={"colour", "how_many"})
    add_settings(made, "Base", Base)
    found = helps(made)
    assert "--colour" not in found and found["--frame.colour"] == "Of the frame. (default: black)"
    assert "--breadth" in found


def metavar(of: Parser, option: str) -> str:
    """What help says may be typed."""
    return next(str(action.metavar) for action in of._actions if option in action.option_strings)


def test_a_choice_by_name_is_an_option_with_all_that_it_offers() -> None:
    made = parser(Coder)
    assert metavar(made, "--prior") == "normal|petals"
    assert helps(made)["--prior"] == "What the codes are like. (default: normal)"
    assert helps(made)["--prior.petals"].startswith("petals: Number of Gaussians")
    assert "--prior.half" not in helps(made), "the uniform prior is not offered"


def test_a_registered_class_is_offered_with_its_settings() -> None:
    @register
    @settings
    class Broad(Normal):
        """Broader."""

        times: Fraction = 0.5
        """How much."""

    made = parser(Coder)
    assert metavar(made, "--prior") == "broad|normal|petals"
    assert helps(made)["--prior.times"] == "broad: How much. (default: 0.5)"
    assert helps(made)["--prior.std"].startswith("broad: Standard deviation in every dimension")


INSTALLED = """
from likeness.priors import Normal
from likeness.settings import Fraction, settings

@settings
class Gentle(Normal):
    "Gentler."
    calm: Fraction = 0.25
    "How calm."
"""


def test_settings_of_an_entry_point_are_options_where_it_is_named(
    installed: Callable[[str, str, str], None],
) -> None:
    installed("likeness.priors", "gentle = options_gentle:Gentle", INSTALLED)
    made = parser(Coder)
    assert metavar(made, "--prior") == "gentle|normal|petals"
    with pytest.raises(UserError, match=r"'--prior\.calm' is not understood"):
        made.read(["--prior", "normal", "--prior.calm", "0.1"])
    assert "options_gentle" not in sys.modules
    words = ["--prior.calm=0.1", "--prior", "gentle", "--prior.std", "2"]
    assert nested(vars(made.read(words))) == {"prior": {"name": "gentle", "calm": "0.1", "std": "2"}}


WRONG = [
    (["--how-mny", "3"], "'--how-mny' is not understood; did you mean --how-many"),
    (["--shap=round"], "'--shap' is not understood; did you mean --shape"),
    (["word"], "'word' is not understood; see --help"),
    (["--how-many"], "argument --how-many: expected one argument; see `likeness draw --help`"),
    (["--sha", "round"], "'--sha' is not understood; did you mean --shape"),
]


@pytest.mark.parametrize(("words", "message"), WRONG)
def test_what_is_not_understood_is_one_line_with_what_is_near(words: list[str], message: str) -> None:
    with pytest.raises(UserError) as caught:
        parser(Drawing).read(words)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_underscores_are_hyphens_in_the_name_of_an_option_and_nowhere_else() -> None:
    made = parser(Drawing)
    made.add_argument("FILE", nargs="?")
    assert made.read(["--how_many=1_0", "a_b"]).how_many == "1_0"
    assert made.read(["--how_many", "1", "a_b"]).FILE == "a_b"


NESTED = [
    ({"optimizer": "adam", "optimizer.beta1": "0.9"}, {"optimizer": {"name": "adam", "beta1": "0.9"}}),
    ({"optimizer.beta1": "0.9"}, {"optimizer": {"beta1": "0.9"}}),
    ({"net.a": "1", "net": "mlp", "net.b": "2"}, {"net": {"name": "mlp", "a": "1", "b": "2"}}),
    ({"a.b.c": "1", "a.b": "x", "a.d": "2"}, {"a": {"b": {"name": "x", "c": "1"}, "d": "2"}}),
    ({"a.b.c.d": "1", "a.b.c.e": "2", "a": "x"}, {"a": {"name": "x", "b": {"c": {"d": "1", "e": "2"}}}}),
    ({"code": "spatial", "code.channels": "3"}, {"code": {"name": "spatial", "channels": "3"}}),
    ({"lr": "1", "latent": "3"}, {"lr": "1", "latent": "3"}),
    ({}, {}),
]


@pytest.mark.parametrize(("flat", "document"), NESTED)
def test_dotted_options_are_a_document(flat: dict[str, str], document: dict[str, object]) -> None:
    assert nested(dict(flat)) == document


def test_numbers_by_name_count_one_where_none_is_said() -> None:
    assert numbers("--add", "Smiling:1.5, Male:-1,Hat") == {"Smiling": 1.5, "Male": -1.0, "Hat": 1.0}
    assert numbers("--add", "a:0") == {"a": 0.0}


def test_what_are_no_numbers_by_name_is_named_with_its_option() -> None:
    with pytest.raises(UserError, match=r"--add is 'Smiling:much'; write names with numbers"):
        numbers("--add", "Smiling:much")
