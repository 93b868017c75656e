"""The mixture of terms, and the score without labels that it is chosen by."""

import pytest
import torch

from likeness.nets.larsen import Larsen
from likeness.shapes import Shape
from likeness.similarity.assumptions import Assumptions
from likeness.similarity.mixture import Reader, fit_mixture, hard_choice_score, nearest_in_pixels
from likeness.similarity.sources import Layers, Levels, Pixels, Structure
from likeness.similarity.teaching import Trunk
from support.made_images import smooth


@pytest.fixture(scope="module")
def reader() -> Reader:
    """An untaught network."""
    torch.manual_seed(0)
    return Reader(Trunk(Larsen(width=0.1, std=0.1).discriminator(Shape(2, 24, 24))).eval(), 1)


def kinds(reader: Reader, **assumed: bool) -> list[type]:
    """The sources of the mixture that is fitted under some assumptions."""
    x = smooth(60)
    all_assumed = Assumptions(
        **{"mirrored": False, "mirror_auc": 1.0, "colour": False, "measured": False} | assumed
    )  # type: ignore[arg-type]
    terms, said = fit_mixture(reader, x[:40], x[40:], all_assumed, all_assumed.views())
    assert len(said) == 1
    return [type(term.source) for term in terms]


def test_what_is_assumed_decides_what_is_compared(reader: Reader) -> None:
    assert kinds(reader) == [Layers]
    assert kinds(reader, mirrored=True) in ([Layers], [Layers, Pixels, Structure])
    assert kinds(reader, measured=True) in ([Layers], [Layers, Levels])


def test_terms_that_lower_the_score_too_far_are_left_out(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = iter([0.9, 0.5, 0.9, 0.6])
    monkeypatch.setattr("likeness.similarity.mixture.hard_choice_score", lambda embed, x: next(scores))
    assert kinds(reader, measured=True) == [Layers]
    assert kinds(reader, measured=True) == [Layers, Levels]


def test_a_score_is_one_where_every_distorted_copy_is_nearer_than_another_image() -> None:
    x = torch.linspace(-0.9, 0.9, 12).view(12, 1, 1, 1).expand(12, 1, 24, 24).contiguous()
    assert hard_choice_score(lambda v: torch.zeros(len(v), 2), x) == 0
    names = torch.eye(12)

    def name(v: torch.Tensor) -> torch.Tensor:
        return names[: len(v)]

    assert hard_choice_score(name, x) == 1


def test_the_nearest_in_pixels_is_another_image() -> None:
    x = torch.tensor([0.0, 0.1, 0.5, 0.55]).view(4, 1, 1, 1)
    assert nearest_in_pixels(x).tolist() == [1, 0, 3, 2]
