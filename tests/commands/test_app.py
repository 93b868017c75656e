"""Words of a command line: what they are parsed as, and how they are refused."""

import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import likeness.commands
from likeness.commands import Result, _app, _index, _parser, _settings
from likeness.commands._verb import Verb
from likeness.errors import UserError
from support.commands import Likeness, done, refused
from support.registered import installed as installed
from support.registered import left_as_it_was as left_as_it_was

VERBS = [_index.find(name) for name in _index.names()]


def parsed(line: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Checked arguments and settings by full name of a command line."""
    name, *words = line.split()
    verb = _index.find(name)
    found = _parser.parse(verb, [*_parser.normalise(words)])
    return verb.check(found.arguments, _app.spell), _settings.by_full_name(verb, found)


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


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_is_a_function_of_the_same_name_and_arguments(verb: Verb) -> None:
    function = getattr(likeness.commands, verb.name.replace("-", "_"))
    assert function.verb is verb and verb.name.replace("-", "_") in dir(likeness.commands)
    parameters = inspect.signature(function).parameters
    assert [name for name in parameters if name != "settings"] == list(verb.arguments)
    assert verb.summary.endswith(".") and len(verb.summary) < 110


def test_a_verb_is_called_from_python_with_what_the_command_takes(place: Path) -> None:
    made = likeness.commands.sample("run", n=2, out=str(place / "two.npy"))
    assert isinstance(made, Result) and made.files == [place / "two.npy"] and made.files[0].exists()
    path: Any = Path("run")
    assert likeness.commands.info(path).numbers["method"] == "vae_gan"
    with pytest.raises(UserError, match=r"^n is 0; input should be greater than or equal to 1$"):
        likeness.commands.sample("run", n=0)
    with pytest.raises(TypeError, match="number"):
        likeness.commands.sample("run", number=2)  # type: ignore[call-arg]


def test_python_trains_with_settings_by_any_of_their_names(tmp_path: Path) -> None:
    more: dict[str, Any] = {"net.hidden": 8, "code.latent": 2}
    made = likeness.commands.train("ae", str(tmp_path / "r"), data="digits", net="mlp", steps=2, **more)
    assert made.numbers["step"] == 2 and made.files == [tmp_path / "r"]


def test_json_is_numbers_and_files_and_nothing_else(place: Path, likeness: Likeness) -> None:
    said = done(likeness("evaluate", "run", "--only", "pixels", "--json"))
    found = json.loads(said.out)
    assert found["numbers"]["pixel_mse"].keys() == {"mean", "low", "high", "images"}
    assert [Path(file).exists() for file in found["files"]] == [True]


def test_quiet_prints_nothing(place: Path, likeness: Likeness) -> None:
    assert done(likeness("sample", "run", "-n", 1, "--quiet")) == (0, "", "")
    said = done(likeness("train", "ae", "new", "--data", "digits", "--net", "mlp", "--steps", 2, "--quiet"))
    assert (said.out, said.err) == ("", "") and Path("new/report.html").exists()


def test_json_is_of_verbs_with_numbers_alone(place: Path, likeness: Likeness) -> None:
    assert "'--json' is not understood" in refused(likeness("sample", "run", "--json"))


def test_completion_knows_verbs_options_and_settings(likeness: Likeness) -> None:
    for shell in ("bash", "zsh", "fish"):
        script = done(likeness("completion", shell)).out
        assert "transfer-style" in script and "max-images" in script and "real-weight" in script


def test_the_doctor_says_versions_devices_and_room(likeness: Likeness) -> None:
    said = done(likeness("doctor")).out
    for word in ("torch", "python", "cpu", "cuda", "data cache", "GiB free", "[onnx]", "broken"):
        assert word in said
