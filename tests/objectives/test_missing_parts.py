"""What is said of a method that has not what it is asked for, and that the methods it names have it."""

import pytest

from laws.games import objective_of
from likeness.objectives import missing_part_error
from likeness.objectives._missing_parts import EXAMPLES
from support.coders import model_of


@pytest.mark.parametrize("what", EXAMPLES)
def test_the_method_that_is_named_has_it(what: str) -> None:
    model = model_of(objective_of(EXAMPLES[what]))
    has = {
        "encoder": model.encodes, "discriminator": model.discriminator is not None,
        "classifier": model.classifies, "classes": model.classes > 0,
    }  # fmt: skip
    assert has[what]


def test_it_is_one_line_with_a_remedy() -> None:
    assert (
        str(missing_part_error("gan", "encoder"))
        == "gan has no encoder; train a method that has, such as vae_gan"
    )
