"""Layouts are chosen by name."""

import pytest

from likeness import config
from likeness.codes import Flat, Spatial
from likeness.errors import UserError

METHODS = ["ae", "vae", "aae", "vae_gan", "vae_dis_l"]
SAID = {"code.channels": 5, "code": "spatial"}


@pytest.mark.parametrize("method", METHODS)
def test_methods_without_classes_take_rows_unless_maps_are_named(method: str) -> None:
    cls = config.objective_class(method)

    def code(**said: object) -> object:
        return config.check(cls, said, "objective").code

    assert code() == code(code="flat") == Flat() and code(latent=5) == Flat(latent=5)
    assert code(code="spatial") == Spatial() and code(**SAID) == Spatial(channels=5)


def test_a_setting_of_the_other_layout_is_refused() -> None:
    with pytest.raises(UserError, match=r"objective\.code is .spatial., which has no setting .latent."):
        config.check(config.objective_class("ae"), {"code": "spatial", "latent": 5}, "objective")
