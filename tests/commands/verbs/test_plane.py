"""`likeness plane`: codes drawn over their prior."""

from pathlib import Path

import pytest
from PIL import Image

from support.commands import DIGITS, Likeness, done, refused

SIZE = (640, 640)


def test_codes_in_the_plane_are_drawn(likeness: Likeness, flat: Path, tmp_path: Path) -> None:
    pictures = []
    for split in ("test", "validation"):
        out = tmp_path / f"{split}.png"
        assert done(likeness("plane", flat, "--split", split, "--out", out)).out == f"{out}\n"
        pictures.append(Image.open(out))
    assert [picture.size for picture in pictures] == [SIZE, SIZE]
    assert pictures[0].tobytes() != pictures[1].tobytes()


@pytest.mark.parametrize("prior", ["uniform", "petals", "swiss_roll"])
def test_codes_in_the_plane_are_drawn_over_any_prior(
    prior: str, likeness: Likeness, flat: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    done(likeness("train", "aae_labels", run, *DIGITS, "--latent", "2", "--prior", prior))
    done(likeness("plane", run, "--out", tmp_path / "codes.png"))
    assert Image.open(tmp_path / "codes.png").size == SIZE
    done(likeness("manifold", run, "--rows", 3, "--columns", 4, "--out", tmp_path / "m.png"))
    assert Image.open(tmp_path / "m.png").size == (4 * 66 + 2, 3 * 66 + 2)


def test_codes_of_many_dimensions_are_drawn_by_their_components(likeness: Likeness, place: Path) -> None:
    done(likeness("plane", "run", "--axes", "components"))
    assert Image.open("codes.png").size == SIZE


REFUSED = [
    ("run", "dimensions, and 2 are drawn; train with --latent 2"),
    ("gan", "gan has no encoder; train a method that has, such as vae_gan"),
]


@pytest.mark.parametrize(("name", "message"), REFUSED)
def test_what_has_no_codes_in_the_plane_is_said_in_one_line(
    name: str, message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("plane", name, "--out", "no/such/x.png"))
