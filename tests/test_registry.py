"""Registries: what a folder offers, what comes from elsewhere, and what is said of an unknown name."""

import ast
import sys
from collections.abc import Callable
from importlib import resources
from typing import ClassVar

import pytest
import yaml
from torch import nn

from likeness import config, registry
from likeness.data import DataSettings, Source, Table
from likeness.errors import LikenessWarning, UserError
from likeness.likelihoods import ObservationModel
from likeness.metrics import EvaluationData, Measurements, Metric
from likeness.nets import Family
from likeness.nets.mlp import MLP
from likeness.noise import Noise
from likeness.objectives import Objective
from likeness.objectives.aae import AAE
from likeness.posteriors import FixedVariance
from likeness.priors import Distribution, Normal, Petals
from likeness.registry import Entry
from likeness.settings import Positive, settings
from likeness.shapes import Codes
from support.registered import installed as installed
from support.registered import left_as_it_was as left_as_it_was
from support.values import Values

Install = Callable[[str, str, str], None]
FOLDERS = [*registry.OPEN_PACKAGES, "likeness.commands.verbs"]


@pytest.mark.parametrize("package", FOLDERS)
def test_every_public_file_is_an_entry_and_no_other(package: str) -> None:
    files = {p.name for p in resources.files(package).iterdir() if p.name.endswith(".py")}
    public = {name[:-3] for name in files if not name.startswith("_")}
    assert registry.names(package) == sorted(public)
    assert public


@pytest.mark.parametrize("package", FOLDERS)
def test_every_entry_is_a_module_of_that_name_with_a_sentence(package: str) -> None:
    for name in registry.names(package):
        found = registry.module(package, name)
        assert found.__name__ == f"{package}.{name}"
        assert ast.get_docstring(ast.parse(resources.files(package).joinpath(f"{name}.py").read_text()))


@pytest.mark.parametrize(
    ("package", "base"), [("likeness.nets", Family), ("likeness.objectives", Objective)]
)
def test_an_entry_is_the_class_that_its_own_file_defines(package: str, base: type) -> None:
    for name in registry.names(package):
        found = registry.entry(package, name, base)
        assert issubclass(found, base)
        assert found.__module__ == f"{package}.{name}"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("vae_gam", r"'vae_gam' is not among the objectives; did you mean vae_gan"),
        ("zzz", r"'zzz' is not among the objectives; choose one of aae"),
        ("_objective", r"'_objective' is not among the objectives"),
        ("__init__", r"is not among"),
        ("../nets/mlp", r"is not among"),
        ("", r"is not among"),
    ],
)
def test_a_name_that_is_not_there_lists_the_near_ones(word: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        registry.module("likeness.objectives", word)


def test_at_most_three_near_words_are_listed_the_nearest_first() -> None:
    near = registry.suggestion("conv3", ["relu", "conv1", "conv2", "conv33", "conv4"])
    assert near.startswith("did you mean conv33 or ")
    assert near.count(" or ") == 2


class Few(Petals):
    """A prior of the test's own, without settings of its own."""


@settings
class HalfNormal(Distribution):
    """A prior with a setting."""

    spread: Positive = 1.0
    """How broad."""

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return self.spread * noise("half", (n, dim)).abs()


@settings
class Steady(FixedVariance):
    """A posterior."""

    strength: Positive = 3.0
    """Of what keeps it steady."""


@settings
class Cubic(ObservationModel):
    """A likelihood."""

    power: Positive = 3.0
    """Of the error."""

    def log_probs(self, x: Values, mu: Values, scale: nn.Module | None) -> Values:
        return -((x - mu).abs() ** self.power)


@settings
class MyAAE(AAE):
    """An objective."""

    name: ClassVar[str] = "aae_of_mine"
    extra: Positive = 1.0
    """More of it."""


@settings
class TinyNet(MLP):
    """A family of networks."""

    layers_of_mine: Positive = 2.0
    """How many."""


class Brightness(Metric):
    """A metric."""

    def measure(self, data: EvaluationData) -> Measurements:
        yield "brightness", data.images.flatten(1).mean(1)


class Stars(Source):
    """The word `stars`."""

    words = ("stars",)

    def claims(self, spec: str) -> bool:
        return spec in self.words

    def read(self, spec: str, settings: DataSettings) -> Table:
        raise UserError("it is day; wait for the night")


MINE: list[tuple[str, type[Entry], str]] = [
    ("likeness.priors", HalfNormal, "half_normal"),
    ("likeness.priors", Few, "few"),
    ("likeness.posteriors", Steady, "steady"),
    ("likeness.likelihoods", Cubic, "cubic"),
    ("likeness.objectives", MyAAE, "aae_of_mine"),
    ("likeness.nets", TinyNet, "tiny_net"),
    ("likeness.metrics", Brightness, "brightness"),
    ("likeness.data.sources", Stars, "stars"),
]


@pytest.mark.parametrize(("package", "cls", "name"), MINE)
def test_a_class_from_elsewhere_is_found_by_its_name_once_it_is_registered(
    package: str, cls: type[Entry], name: str
) -> None:
    assert name not in registry.names(package)
    with pytest.raises(UserError, match=f"'{name}' is not among the"):
        registry.entry(package, name, Entry)
    assert registry.register(cls) is cls
    assert name in registry.names(package)
    assert registry.entry(package, name, Entry) is cls
    assert registry.classes(package, Entry)[name] is cls
    assert registry.name_of(cls) == name


def test_a_configuration_of_classes_from_elsewhere_and_its_file_say_the_same() -> None:
    for cls in (HalfNormal, Few, Steady, Cubic, MyAAE, TinyNet):
        registry.register(cls)
    objective = {
        "prior": {"name": "half_normal", "spread": 2},
        "posterior": {"name": "steady", "strength": 4},
        "likelihood": "cubic",
        "extra": 5,
    }
    net = {"name": "tiny_net", "layers_of_mine": 6}
    made = config.build(
        {"method": "aae_of_mine", "objective": objective, "net": net, "data": {"data": "x"}}
    )
    assert isinstance(made.objective, MyAAE) and isinstance(made.net, TinyNet)
    assert made.objective.prior == HalfNormal(spread=2) and made.objective.likelihood == Cubic()
    assert made.method == "aae_of_mine"
    document = yaml.safe_load(config.text(made))
    assert document["objective"]["posterior"] == {"name": "steady", "std": 1.0, "strength": 4.0}
    assert document["net"]["name"] == "tiny_net"
    assert config.build(document) == made


def test_what_an_unregistered_class_is_called_finds_it_from_then_on() -> None:
    assert "half_normal" not in registry.names("likeness.priors")
    assert registry.name_of(HalfNormal) == "half_normal"
    assert registry.entry("likeness.priors", "half_normal", Distribution) is HalfNormal


def again(module: str) -> type[HalfNormal]:
    """Another class of the same name."""
    return type("HalfNormal", (HalfNormal,), {"__module__": module, "__qualname__": "HalfNormal"})


def test_registering_a_name_again_replaces_the_class_and_says_so() -> None:
    first, second = HalfNormal, again("elsewhere")
    registry.register(first)
    said = r"^'half_normal' now names elsewhere\.HalfNormal instead of .*test_registry\.HalfNormal$"
    with pytest.warns(LikenessWarning, match=said):
        registry.register(second)
    assert registry.entry("likeness.priors", "half_normal", Distribution) is second


def test_a_class_that_is_defined_anew_without_being_registered_again_is_the_one_that_is_found() -> None:
    """As in a cell of a notebook that is run again."""
    first = registry.register(HalfNormal)
    with pytest.warns(LikenessWarning, match="'half_normal' now names the new definition of .*HalfNormal"):
        second = again(HalfNormal.__module__)
    assert registry.entry("likeness.priors", "half_normal", Distribution) is second
    assert registry.name_of(first) == "half_normal", "an object of the class as it was has the name still"
    assert registry.entry("likeness.priors", "half_normal", Distribution) is second


def test_registering_a_class_twice_says_nothing(recwarn: pytest.WarningsRecorder) -> None:
    registry.register(registry.register(HalfNormal))
    assert not recwarn.list


def test_two_classes_of_one_name_are_not_written_as_one_another() -> None:
    registry.register(HalfNormal)
    with pytest.raises(UserError, match=r"names .*HalfNormal, not elsewhere\.HalfNormal; give one of them"):
        registry.name_of(again("elsewhere"))


def test_a_class_does_not_take_the_name_of_the_packages_own() -> None:
    mine = type("Petals", (Petals,), {"__module__": __name__})
    for ask in (registry.register, registry.name_of):
        with pytest.raises(
            UserError,
            match=r"likeness\.priors already has 'petals'; give tests\.test_registry\.Petals another",
        ):
            ask(mine)
    assert registry.entry("likeness.priors", "petals", Distribution) is Petals


def test_a_class_keeps_the_name_that_it_was_given_where_it_is_defined_anew_without_one() -> None:
    registry.register("broad")(again("notebook"))
    with pytest.warns(
        LikenessWarning, match=r"'broad' now names the new definition of notebook\.HalfNormal"
    ):
        second = again("notebook")
    assert registry.entry("likeness.priors", "broad", Distribution) is second and second.name == "broad"


def test_classes_that_one_function_makes_do_not_take_the_place_of_one_another(
    recwarn: pytest.WarningsRecorder,
) -> None:
    def made(name: str) -> type[HalfNormal]:
        class Made(HalfNormal):
            """One of many."""

        return registry.register(name)(Made)

    several = {name: made(name) for name in ("first", "second")}
    assert {name: registry.entry("likeness.priors", name, Distribution) for name in several} == several
    assert not recwarn.list


def test_a_class_of_the_package_is_given_no_other_name(installed: Install) -> None:
    installed("likeness.priors", "mine = renaming:Normal", "from likeness.priors import Normal")
    said = r"^likeness\.priors\.normal\.Normal is part of the package; derive a class from it$"
    for ask in (
        lambda: registry.register("mine")(Normal),
        lambda: registry.entry("likeness.priors", "mine", Entry),
    ):
        with pytest.raises(UserError, match=said):
            ask()
    assert Normal.name == "normal"


def test_a_name_that_is_given_where_a_class_is_registered_is_its_name() -> None:
    given = type("Wide", (HalfNormal,), {"__module__": __name__})
    assert registry.register("broad")(given) is given
    assert registry.entry("likeness.priors", "broad", Distribution) is given
    assert registry.name_of(given) == given.name == "broad"
    assert "wide" not in registry.names("likeness.priors")


@pytest.mark.parametrize("name", ["wae-mmd", "../petals", "os.path", "", "_hidden", "größe", "a b", "a\n"])
def test_a_name_with_odd_letters_is_refused(name: str) -> None:
    given = type("Wide", (HalfNormal,), {"__module__": __name__})
    with pytest.raises(UserError, match=r"Wide cannot be named .*; use letters, digits and underscores"):
        registry.register(name)(given)
    assert registry.names("likeness.priors") == registry._files("likeness.priors")


def test_a_class_that_lacks_what_its_base_asks_for_is_refused() -> None:
    class Nothing(Metric):
        """It measures nothing."""

    with pytest.raises(UserError, match=r"Nothing does not define measure; define each of them"):
        registry.register(Nothing)


def test_a_class_of_no_open_package_is_refused() -> None:
    class Nothing(Entry):
        """No base of a package."""

    with pytest.raises(UserError, match=r"Nothing has no base class in likeness\.objectives"):
        registry.register(Nothing)


SMOOTH = """
from likeness.priors import Normal
class Smooth(Normal):
    "A prior of another package."
"""


def test_an_entry_point_is_listed_without_being_imported_and_found_by_its_name(installed: Install) -> None:
    installed("likeness.priors", "gentle = gentle_priors:Smooth", SMOOTH)
    assert "gentle" in registry.names("likeness.priors") and "gentle" not in registry.names("likeness.nets")
    assert (
        registry.suggestion("gentl", registry.names("likeness.priors")) == "did you mean gentle or petals?"
    )
    registry.entry("likeness.priors", "petals", Distribution)
    assert "gentle" not in registry.classes("likeness.priors", Distribution)
    assert "gentle_priors" not in sys.modules

    found = registry.entry("likeness.priors", "gentle", Distribution)
    assert found is sys.modules["gentle_priors"].Smooth and registry.name_of(found) == "gentle"
    assert registry.classes("likeness.priors", Distribution)["gentle"] is found


def test_a_configuration_with_an_entry_point_and_its_file_say_the_same(installed: Install) -> None:
    installed("likeness.priors", "gentle = gentle_priors:Smooth", SMOOTH)
    said = {"method": "aae", "data": {"data": "x"}, "objective": {"prior": {"name": "gentle", "std": 2}}}
    made = config.build(said)
    assert config.document(made)["objective"]["prior"] == {"name": "gentle", "std": 2.0}
    assert config.build(yaml.safe_load(config.text(made))) == made


def test_an_entry_point_does_not_take_the_place_of_the_packages_own(installed: Install) -> None:
    installed("likeness.priors", "normal = other_priors:Smooth", SMOOTH)
    assert registry.entry("likeness.priors", "normal", Distribution) is Normal
    assert "other_priors" not in sys.modules


BROKEN = [
    (
        "x = broken_a:Smooth",
        "raise OSError('no disk')",
        r"broken_a:Smooth of broken_a, installed as 'x', fails \(OSError: no disk\); mend or remove it$",
    ),
    (
        "x = broken_b:Other",
        SMOOTH,
        r"broken_b:Other of broken_b, .* fails \(AttributeError.*; mend or remove",
    ),
    (
        "x = broken_e:Smooth",
        "raise SystemExit(3)",
        r"broken_e:Smooth of broken_e, .* fails \(SystemExit: 3\)",
    ),
    (
        "x = broken_f:Smooth",
        "import no_such_thing",
        r"\(ModuleNotFoundError: No module named 'no_such_thing'\)",
    ),
    (
        "x = broken_c:Smooth",
        "Smooth = 3",
        r"broken_c:Smooth .* does not belong to likeness\.priors; mend its group",
    ),
    (
        "x = broken_g:Entry",
        "from likeness.registry import Entry",
        r"does not belong to likeness\.priors; mend its",
    ),
    (
        "x = broken_h:Distribution",
        "from likeness.priors import Distribution",
        r"likeness\.priors\._distribution\.Distribution is part of the package; derive a class from",
    ),
    (
        "x = broken_d:MLP",
        "from likeness.nets.mlp import MLP",
        r"does not belong to likeness\.priors; mend its group",
    ),
]


@pytest.mark.parametrize(("point", "code", "message"), BROKEN)
def test_an_entry_point_that_is_broken_is_said_in_one_line(
    point: str, code: str, message: str, installed: Install
) -> None:
    installed("likeness.priors", point, code)
    assert "x" in registry.names("likeness.priors")
    said = {"method": "aae", "data": {"data": "x"}, "objective": {"prior": "x"}}
    for ask in (lambda: registry.entry("likeness.priors", "x", Distribution), lambda: config.build(said)):
        with pytest.raises(UserError, match=message) as caught:
            ask()
        assert "\n" not in str(caught.value)


def test_a_name_that_two_packages_have_is_neither_and_the_others_go_on(installed: Install) -> None:
    for module in ("first_priors", "second_priors"):
        installed("likeness.priors", f"gentle = {module}:Smooth", SMOOTH)
    installed("likeness.priors", "soft = third_priors:Smooth", SMOOTH)
    said = (
        r"^'gentle' is installed twice, as first_priors:Smooth of first_priors and second_priors:Smooth of "
        r"second_priors; remove one of them$"
    )
    with pytest.raises(UserError, match=said):
        registry.entry("likeness.priors", "gentle", Distribution)
    asked = {"method": "aae", "data": {"data": "x"}, "objective": {"prior": "gentle"}}
    with pytest.raises(UserError, match="installed twice"):
        config.build(asked)
    assert not {"first_priors", "second_priors"} & {*sys.modules}
    with pytest.warns(LikenessWarning, match=said):
        found = registry.all_classes("likeness.priors", Distribution)
    assert "soft" in found and "gentle" not in found


def test_an_entry_point_with_odd_letters_is_not_listed_and_is_refused(installed: Install) -> None:
    installed("likeness.priors", "very-gentle = gentle_priors:Smooth", SMOOTH)
    assert "very-gentle" not in registry.names("likeness.priors")
    with pytest.raises(
        UserError, match=r"gentle_priors\.Smooth cannot be named 'very-gentle'; use letters"
    ):
        registry.entry("likeness.priors", "very-gentle", Distribution)


def test_sources_have_the_group_of_data_and_every_other_package_its_own_name(installed: Install) -> None:
    groups = {package: registry.entry_point_group(package) for package in registry.OPEN_PACKAGES}
    assert groups.pop("likeness.data.sources") == "likeness.data"
    assert all(package == group for package, group in groups.items())
    installed("likeness.data", "sky = skies:Sky", "from tests.test_registry import Stars as Sky")
    assert "sky" in registry.names("likeness.data.sources")


@pytest.mark.parametrize(
    "word", ["os", "os.path", "os:system", "this", "likeness.priors.petals", "./petals"]
)
def test_a_name_is_never_imported(word: str) -> None:
    sys.modules.pop("this", None)
    before = {*sys.modules}
    for package in registry.OPEN_PACKAGES:
        with pytest.raises(UserError, match="is not among"):
            registry.entry(package, word, Entry)
    assert {*sys.modules} == before


@pytest.mark.parametrize(
    ("name", "snake"),
    [("HalfNormal", "half_normal"), ("VAEGAN", "vaegan"), ("MyVAE", "my_vae"),
     ("VAE2Layers", "vae2_layers"), ("AAECluster", "aae_cluster"), ("x", "x")],
)  # fmt: skip
def test_the_name_of_a_class_that_says_none_is_its_own_in_snake_case(name: str, snake: str) -> None:
    assert type(name, (Entry,), {"__module__": __name__}).name == snake


@pytest.mark.parametrize("package", registry.OPEN_PACKAGES)
def test_the_packages_own_classes_have_the_names_of_their_files(package: str) -> None:
    for name, cls in registry.classes(package, Entry).items():
        assert cls.__module__ == f"{package}.{name}"
        assert issubclass(cls, Entry) and cls.name == registry.name_of(cls) == name
