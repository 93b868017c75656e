"""Teaching a metric from training images: what is refused, said and assumed."""

import numpy as np
import pytest
import torch

from likeness.data.settings import DataSettings
from likeness.errors import UserError
from likeness.nets.larsen import Larsen
from likeness.shapes import Shape
from likeness.similarity.controls import untaught_terms
from likeness.similarity.teach_metric import teach_metric
from support.teaching import split_of, stripes

NET = Larsen(width=0.1)


def test_too_few_images_are_refused_with_the_number_needed() -> None:
    split, scaling = split_of(stripes(99)[0])
    with pytest.raises(
        UserError, match="99 training images are too few to teach a metric; give 100 or more"
    ):
        teach_metric(split, scaling, Shape(1, 16, 16), DataSettings(data=""), net=NET)


def test_images_that_are_alike_teach_nothing() -> None:
    split, scaling = split_of(np.full((120, 16, 16, 1), 7, np.uint8))
    with pytest.raises(UserError, match=r"differ by 0 of a range of 2.* give images that differ"):
        teach_metric(split, scaling, Shape(1, 16, 16), DataSettings(data=""), net=NET, steps=1)


def test_data_without_two_dimensions_are_refused() -> None:
    split, scaling = split_of(stripes(120)[0])
    with pytest.raises(UserError, match="1 dimensions cannot be taught a metric yet"):
        teach_metric(split, scaling, Shape(1, 16), DataSettings(data=""), net=NET, steps=1)


def test_a_constant_channel_is_named_and_does_no_harm() -> None:
    images = np.concatenate([stripes(120)[0], np.full((120, 16, 16, 1), 9, np.uint8)], 3)
    split, scaling = split_of(images)
    with pytest.warns(match="channels 1 have one value in all images"):
        found = teach_metric(split, scaling, Shape(2, 16, 16), DataSettings(data=""), net=NET, steps=2)
    x = found.scale(images[:4])
    assert torch.isfinite(found(x, x.flip(0))).all()


def test_pixels_and_structure_are_compared_where_mirror_images_count_as_the_same_kind() -> None:
    """They may not for stripes of a direction, but for spots."""
    spots = np.random.default_rng(0).integers(0, 255, (240, 4, 4, 3)).astype(np.uint8)
    images = spots.repeat(4, 1).repeat(4, 2)
    split, scaling = split_of(images)
    found = teach_metric(split, scaling, Shape(3, 16, 16), DataSettings(data=""), net=NET, steps=3)
    kinds = [type(term.source).__name__ for term in found.parts.terms]
    assert kinds[0] == "Layers" and (kinds[1:] == ["Pixels", "Structure"] or len(kinds) == 1)
    if len(kinds) == 3:
        rest = untaught_terms(found)
        assert rest is not None and len(rest.terms) == 2
        x = found.scale(images[:6])
        assert float(rest(x, x.flip(0)).sum()) < float(found(x, x.flip(0)).sum())


def test_a_discriminator_is_taught_without_being_changed_itself() -> None:
    images, _ = stripes(120)
    split, scaling = split_of(images)
    Dis = NET.discriminator(Shape(1, 16, 16)).eval()
    before = {name: v.clone() for name, v in Dis.state_dict().items()}
    found = teach_metric(
        split, scaling, Shape(1, 16, 16), DataSettings(data=""), net=NET, discriminator=Dis, steps=2
    )
    assert all(torch.equal(v, before[name]) for name, v in Dis.state_dict().items())
    assert found.parts.about["from"] == "discriminator"
    taught = found.trunk.state_dict()
    assert any(not torch.equal(taught[name], v) for name, v in before.items() if name in taught)
