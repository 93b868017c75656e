"""`likeness project`: codes found by descent, beyond what the encoder says."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import likeness as package
from likeness.analysis.projection import ProjectionLoss, project_images
from support.commands import Likeness, done, refused


def test_a_projected_code_is_better_than_the_encoders(run: Path, cells: Path) -> None:
    model = package.load(run)
    x = model.scaling.to_unit(np.load(cells)["images"][:6])
    near = ProjectionLoss(package.metric(run))
    codes = model.encode(x).mean, project_images(model, x, near, steps=30, rate=0.2)
    encoded, found = (near(model.decode(z).clamp(-1, 1), x) for z in codes)
    assert (found <= encoded).all() and float(found.mean()) < float(encoded.mean())


def test_codes_that_were_projected_are_decoded(likeness: Likeness, place: Path) -> None:
    said = done(likeness("project", "run", "5.npy", "6.npy", "--steps", 20, "--out", "codes.npz"))
    encoded, found = (np.array(line.split()[1:], float) for line in said.out.splitlines()[:2])
    assert encoded.shape == (2,) and (found <= encoded).all()
    held = np.load("codes.npz")
    assert held["codes"].shape == (2, 3) and held["names"].tolist() == ["5", "6"]
    model, near = package.load("run"), ProjectionLoss(package.metric("run"))
    made = model.decode(torch.from_numpy(held["codes"])).clamp(-1, 1)
    np.testing.assert_allclose(near(made, model.images(["5.npy", "6.npy"])), found, rtol=1e-3)
    done(likeness("decode", "run", "codes.npz", "--out", "made.npz"))
    assert np.load("made.npz")["images"].shape == (2, 6, 5, 3)


def test_a_run_without_encoder_will_do(likeness: Likeness, place: Path) -> None:
    said = done(likeness("project", "gan", "digit.npy", "--steps", 5))
    assert said.out.startswith("found ") and "encoded" not in said.out
    assert Image.open("projected.png").height > 64


REFUSED = [
    (["--steps", "0"], "--steps is '0'; input should be greater than or equal to 1"),
    (["--rate", "inf"], "--rate is 'inf'; input should be a finite number"),
    (["--pixel-weight", "0", "--learned-weight", "0"], "errors have no weight"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_projected_is_said_in_one_line(
    words: list[str], message: str, likeness: Likeness, place: Path
) -> None:
    assert message in refused(likeness("project", "run", "5.npy", *words))
