"""Words of a command line: what they are parsed as, and how they are refused."""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from likeness.commands import _index, _parser, _settings, command_line
from likeness.errors import UserError
from support.registered import installed as installed
from support.registered import left_as_it_was as left_as_it_was


def parsed(line: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Checked arguments and settings by full name of a command line."""
    name, *words = line.split()
    verb = _index.find(name)
    found = _parser.parse(verb, [*_parser.normalise(words)])
    return verb.check(found.arguments, command_line.spell), _settings.by_full_name(verb, found)


LINES = [
    ("sample r -n 3 --seed=7", {"run": "r", "n": 3, "seed": 7}, {}),
    ("sample r --seed 1 --seed 2", {"run": "r", "seed": 2}, {}),
    ("train vae r --lr 1 --lr 2", {"method": "vae", "run": "r"}, {"training.lr": "2"}),
    ("reconstruct r a.png b.png --out x", {"run": "r", "images": ["a.png", "b.png"], "out": "x"}, {}),
    ("edit r a --add Smiling:1.5,Hat", {"run": "r", "images": ["a"], "add": {"Smiling": 1.5, "Hat": 1.0}},
    {}), ("edit r a --add dimension-0:-1", {"run": "r", "images": ["a"], "add": {"dimension-0": -1.0}}, {}),
    ("traverse r --dimensions 3,5", {"run": "r", "dimensions": [3, 5]}, {}),
    ("sample r --condition Smiling,age:30", {"run": "r", "condition": {"Smiling": "1", "age": "30"}}, {}),
    ("evaluate r --metric a --metric b", {"run": "r", "metric": ["a", "b"]}, {}),
    ("metric r --out m --no-average", {"run": "r", "out": "m", "average": False}, {}),
    ("explore r --no-browser", {"runs": ["r"], "browser": False}, {}),
    ("compare --out x --methods vae ae --lr 1", {"out": "x", "methods": ["vae", "ae"]}, {"training.lr":
    "1"}), ("train vae r --latent 3", {"method": "vae", "run": "r"}, {"objective.code.latent": "3"}),
    ("train vae r --code.latent 3", {"method": "vae", "run": "r"}, {"objective.code.latent": "3"}),
    ("train vae r --flip --no-upscale", {"method": "vae", "run": "r"},
     {"augmentation.flip": True, "data.upscale": False}),
    ("train vae r --net mlp --net.hidden 8", {"method": "vae", "run": "r", "net": "mlp"}, {"net.hidden":
    "8"}), ("train vae r --data.range -1,1", {"method": "vae", "run": "r"}, {"data.range": "-1,1"}),
    ("train aae_cluster r --view.shift 2", {"method": "aae_cluster", "run": "r"}, {"objective.view.shift":
    "2"}), ("train vae r --shift 2", {"method": "vae", "run": "r"}, {"augmentation.shift": "2"}),
    ("train vae_gan r --real_weight 1", {"method": "vae_gan", "run": "r"}, {"objective.real_weight": "1"}),
    ("train vae_dis_l r --borrow discriminator g --borrow decoder h",
     {"method": "vae_dis_l", "run": "r", "borrow": {"discriminator": "g", "decoder": "h"}}, {}),
    ("train vae r --optimizer adamw --optimizer.beta1 0.9", {"method": "vae", "run": "r"},
     {"training.optimizer": "adamw", "training.optimizer.beta1": "0.9"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "arguments", "settings"), LINES, ids=[line for line, *_ in LINES])
def test_words_are_arguments_of_their_types_and_settings_by_their_full_names(
    line: str, arguments: dict[str, Any], settings: dict[str, Any]
) -> None:
    assert parsed(line) == (arguments, settings)


# ruff: noqa: E501
WRONG = [
    ("sample", "RUN is missing; see `likeness sample --help`"),
    ("sample r more", "'more' is not understood; see `likeness sample --help`"),
    ("sample r --sed 3", "'--sed' is not understood; did you mean --seed"),
    ("sample r --Seed 3", "'--Seed' is not understood; did you mean --seed"),
    ("sample r --seed", "--seed needs a value; see `likeness sample --help`"),
    ("sample r --seed --out x", "--seed needs a value; "),
    ("sample r -n 0", "-n is '0'; input should be greater than or equal to 1"),
    ("sample r -n few", "-n is 'few'; input should be a valid integer"),
    ("sample r --seed -1", "--seed is '-1'; input should be greater than or equal to 0"),
    ("sample r --seed 2147483648", "--seed is '2147483648'; input should be less than 2147483648"),
    ("sample r --temperature nan", "--temperature is 'nan'; "),
    ("edit r a --add Smiling:much", "--add is 'Smiling:much'; write names with numbers, Smiling:1.5"),
    ("evaluate r --split tset", "--split is 'tset'; input should be 'train', 'validation', 'test' or 'all'"),
    ("traverse r --dimensions 1,x", "--dimensions is '1,x'; write whole numbers, 3,5"),
    ("compare --methods vae", "--out is missing; see `likeness compare --help`"),
    ("compare --out x --budget 10", "--budget is '10'; write 2000steps or 10min"),
    ("train vae r --latnt 3", "'--latnt' is not understood; did you mean --latent"),
    ("train vae r --resum", "'--resum' is not understood; did you mean --resume"),
    ("train vae r --gamma 3", "'--gamma' is not understood; did you mean"),
    ("train aae_cluster r --shift 2", "--shift is several settings; write --augmentation.shift or --view.shift"),
    ("train vae r --channels 2", "--channels is several settings; write --data.channels or --code.channels"),
    ("train vae r --borrow decoder", "--borrow needs two values; "),
    ("train vea r --lr 1", "'vea' is not among the objectives; did you mean vae"),
    ("train vae r more", "'more' is not understood; "),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message"), WRONG)
def test_what_is_not_understood_is_one_line_with_what_is_near(line: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        parsed(line)
    assert message in str(caught.value) and "\n" not in str(caught.value)


INSTALLED = """
from likeness.priors import Normal
from likeness.settings import Fraction, settings

@settings
class Gentle(Normal):
    "Gentler."
    calm: Fraction = 0.25
    "Calm."
"""


def test_settings_of_another_package_are_options_where_its_class_is_named(
    installed: Callable[[str, str, str], None],
) -> None:
    installed("likeness.priors", "gentle = options_gentle:Gentle", INSTALLED)
    line = "train vae r --prior.calm=0.1 --prior gentle --prior.std 2"
    assert parsed(line)[1] == {
        "objective.prior": "gentle", "objective.prior.calm": "0.1", "objective.prior.std": "2",
    }  # fmt: skip
    assert "options_gentle" not in sys.modules


def test_underscores_in_values_stay() -> None:
    assert parsed("train vae a_b --data=c_d --lr 1_0") == (
        {"method": "vae", "run": "a_b"}, {"data.data": "c_d", "training.lr": "1_0"},
    )  # fmt: skip
