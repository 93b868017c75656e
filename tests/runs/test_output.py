"""Images written out: exact where they are data, and pictures where they are for the eye."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.__main__ import main
from likeness.runs.output import write_images
from support.small_runs import KINDS, Models

every_kind = pytest.mark.parametrize(("dtype", "channels"), KINDS)


@every_kind
def test_arrays_and_folders_hold_exactly_the_datas_values(
    models: Models, tmp_path: Path, dtype: str, channels: int
) -> None:
    model = models(dtype, channels).model
    x = model.sample(3)
    expected = model.arrays(x)
    write_images(model, x, tmp_path / "x.npy", [], 2)
    write_images(model, x, tmp_path / "x.npz", [], 2)
    write_images(model, x, tmp_path / "each", ["a", "b", "c"], 2)
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), expected)
    np.testing.assert_array_equal(np.load(tmp_path / "x.npz")["images"], expected)
    png = (dtype, channels) in (("uint8", 1), ("uint8", 3), ("uint16", 1))
    for name, image in zip("abc", expected):
        file = tmp_path / "each" / f"{name}.{'png' if png else 'npy'}"
        found = np.asarray(Image.open(file)) if png else np.load(file)
        np.testing.assert_array_equal(found.reshape(image.shape), image)
        assert found.dtype == dtype


@every_kind
def test_a_picture_for_the_eye_opens(models: Models, tmp_path: Path, dtype: str, channels: int) -> None:
    model = models(dtype, channels).model
    write_images(model, model.sample(3), tmp_path / "x.png", [], 3)
    picture = Image.open(tmp_path / "x.png")
    wide = 5 * channels if channels == 2 else 5
    factor = -(-64 // max(6, wide))
    assert picture.mode == "RGB"
    assert picture.size == (3 * (wide * factor + 2) + 2, 6 * factor + 4)


@pytest.mark.parametrize("out", ["none/x.png", "file/x.npy", "file"])
def test_a_place_that_cannot_be_written_is_refused_in_one_line(
    models: Models, tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    (tmp_path / "file").write_text("kept")
    path = models().path
    assert main(["sample", str(path), "-n", "2", "--out", str(tmp_path / out)]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "choose another --out" in message
    assert (tmp_path / "file").read_text() == "kept"
