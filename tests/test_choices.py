"""Settings that are choices among what a package has, and what other packages and classes add to it."""

from typing import Annotated, Any, ClassVar

import pytest
from pydantic import TypeAdapter, ValidationError

from likeness import registry
from likeness.choices import Choice
from likeness.likelihoods import FeatureLikelihood, Likelihood
from likeness.noise import Noise
from likeness.posteriors import AnyPosterior
from likeness.priors import ClosedFormPrior, DensityPrior, Distribution, Normal, Petals, Prior, Uniform
from likeness.settings import Fraction, settings
from likeness.shapes import Codes
from support.registered import left_as_it_was as left_as_it_was


@settings
class Chooser:
    """Settings with one choice."""

    prior: Prior = Normal()
    """Any."""
    smooth: DensityPrior = Normal()
    """One with a density."""


@settings
class Shifted(Distribution):
    """A prior of the test's own."""

    has_density: ClassVar[bool] = True
    by: Fraction = 0.5
    """How far."""

    def sample(self, n: int, dim: int, noise: Noise) -> Codes:
        return noise("shifted", (n, dim)) + self.by


def made(kind: Any, value: Any) -> Any:
    """What a value is as a setting of a type."""
    return TypeAdapter(kind).validate_python(value)


def test_a_choice_is_an_instance_a_name_or_a_mapping() -> None:
    petals = Petals(petals=3)
    assert made(Prior, petals) is petals
    assert made(Prior, "petals") == made(Prior, {"name": "petals"}) == Petals()
    assert made(Prior, {"name": "petals", "petals": "3"}) == petals


def test_a_choice_is_written_as_a_mapping_of_its_name_and_settings() -> None:
    written = TypeAdapter(Chooser).dump_python(Chooser(prior=Uniform(half=2)), mode="json")
    assert written["prior"] == {"name": "uniform", "half": 2.0}
    assert made(Chooser, written) == Chooser(prior=Uniform(half=2))


def names(kind: Any) -> list[str]:
    """What a choice offers."""
    base, choice = kind.__origin__, kind.__metadata__[0]
    assert list(choice.members(base)) == choice.names(base)
    return choice.names(base)


def test_a_choice_offers_what_can_do_what_it_needs() -> None:
    assert names(Prior) == registry.names("likeness.priors")
    assert names(Likelihood) == registry.names("likeness.likelihoods")
    assert names(AnyPosterior) == registry.names("likeness.posteriors")
    assert names(DensityPrior) == ["normal", "petals"]
    assert names(ClosedFormPrior) == ["normal"]
    assert names(FeatureLikelihood) == ["laplace", "learned_normal", "normal"]
    assert names(Annotated[Petals, Choice("likeness.priors")]) == ["petals"]


def test_a_registered_class_is_offered_where_it_can_do_what_is_needed() -> None:
    registry.register(Shifted)
    assert "shifted" in names(Prior) and "shifted" in names(DensityPrior)
    assert "shifted" not in names(ClosedFormPrior)
    assert made(DensityPrior, {"name": "shifted", "by": 1}) == Shifted(by=1)


WRONG: list[tuple[Any, Any, str]] = [
    (Prior, "petal", "'petal' is not among the priors, did you mean petals?"),
    (Prior, {"name": "petal"}, "'petal' is not among the priors, did you mean petals?"),
    (Prior, {"half": 1}, "It must be a name, or a mapping with a name"),
    (Prior, 3, "It must be a name, or a mapping with a name"),
    (Prior, {"name": ["petals"]}, "It must be a name, or a mapping with a name"),
    (Prior, "os.system", "'os.system' is not among the priors"),
    (Prior, "likeness.priors.petals", "'likeness.priors.petals' is not among the priors"),
    (Prior, "_distribution", "'_distribution' is not among the priors"),
    (Prior, "gaussian", "'gaussian' is not among the priors"),
    (DensityPrior, "uniform", "'uniform' is not possible here, choose one of normal, petals"),
    (DensityPrior, Uniform(), "'uniform' is not possible here, choose one of normal, petals"),
    (DensityPrior, "norml", "did you mean normal?"),
    (Prior, {"name": "petals", "petals": 0}, "greater than or equal to 1"),
    (Prior, {"name": "petals", "petls": 3}, "Unexpected keyword argument"),
]


@pytest.mark.parametrize(("kind", "value", "message"), WRONG)
def test_what_is_no_choice_is_refused_in_one_line(kind: Any, value: Any, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        made(kind, value)
    [error] = caught.value.errors()
    assert message in error["msg"] and "\n" not in error["msg"]


def test_what_is_wrong_within_a_choice_is_named_by_its_place() -> None:
    with pytest.raises(ValidationError) as caught:
        made(Chooser, {"prior": {"name": "product", "factors": [{"prior": "petals", "dims": 0}]}})
    assert caught.value.errors()[0]["loc"] == ("prior", "factors", 0, "dims")
