"""What is looked at: files of every kind, images of a run's data, and codes; all as a model takes them."""

import base64
import io
import zlib
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import TypeAdapter, ValidationError

from likeness.errors import UserError
from likeness.explorer.server import Server
from likeness.explorer.sources import (
    CodeSource,
    DataSource,
    FileSource,
    Source,
    conform_source,
    label_of,
    tensor,
)
from support.explorer import ASKING, FIRST, JUDGED, WIDE, Ask, encoded, pixels, upload

FORMATS = ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "PPM"]


@pytest.mark.parametrize("kind", FORMATS)
def test_pictures_of_every_format_are_fitted(kind: str, ask: Ask) -> None:
    image = np.random.default_rng(0).integers(0, 255, (12, 20, 3), dtype=np.uint8)
    found = ask("look", run=JUDGED, source=upload(f"a.{kind}", encoded(image, kind))).said
    assert "cut and resized from 20 x 12" in found["notes"] and "its colours made grey" in found["notes"]
    assert pixels(found["made"]).shape == (8, 8, 3)


def test_16_bits_and_floats_are_stretched_to_8(ask: Ask) -> None:
    ramp = np.linspace(0, 1, 64).reshape(8, 8)
    expected = np.rint(ramp * 255)
    for array, kind in (
        ((ramp * 65535).astype(np.uint16), "PNG"),
        (ramp.astype(np.float32) * 7 - 3, "npy"),
    ):
        found = ask("look", run=JUDGED, source=upload(f"a.{kind.lower()}", encoded(array, kind))).said
        assert np.abs(pixels(found["original"])[:, :, 0] - expected).max() <= 1
        assert any("stretched" in note for note in found["notes"])


def test_8_bits_are_stretched_to_the_range_of_each_channel(ask: Ask, server: Server) -> None:
    image = np.full((6, 5, 3), 255, np.uint8)
    found = ask("file", run=WIDE, source=upload("a.png", encoded(image, "PNG")), kind="image").said
    stored = np.load(io.BytesIO(base64.b64decode(found["content"])))
    assert stored.dtype == np.uint16
    np.testing.assert_allclose(stored[0, 0], server.gallery[WIDE].model.scaling.high)


def test_channels_are_chosen(ask: Ask) -> None:
    array = np.stack([np.full((6, 5), 200 + k, np.uint16) for k in range(5)], 2)
    for channels, values in (((), [200, 201, 202]), ((4, 0, 1), [204, 200, 201])):
        source = upload("a.npy", encoded(array, "npy"), channels=channels)
        content = ask("file", run=WIDE, source=source, kind="image").said["content"]
        assert np.load(io.BytesIO(base64.b64decode(content)))[0, 0].tolist() == values
    assert ask("look", run=WIDE, source=upload("a.npy", encoded(array, "npy"))).said["channels"] == 5
    wrong = ask("look", run=WIDE, source=upload("a.npy", encoded(array, "npy"), channels=[9, 0, 0]))
    assert wrong.status == 422 and "choose other channels" in wrong.said["error"]


def test_values_beyond_the_training_data_are_cut_off(ask: Ask) -> None:
    source = upload("a.npy", encoded(np.full((6, 5, 3), 65535, np.uint16), "npy"))
    found = ask("look", run=WIDE, source=source).said
    assert found["notes"] == ["values beyond the range of the training data cut off"]
    assert (pixels(found["original"]) == 255).all()


def test_an_image_of_one_run_is_seen_by_another(ask: Ask) -> None:
    found = ask("look", run=WIDE, source=FIRST, again=True).said
    assert pixels(found["original"]).shape == (6, 5, 3) and len(found["code"]) == 3


def test_an_image_of_the_data_is_as_the_model_sees_it_in_training(server: Server) -> None:
    opened, source = server.gallery[WIDE], DataSource("data", WIDE, 3)
    given = conform_source(server.gallery, opened, source)
    assert np.array_equal(given.image, opened.data_sample().stored[3]) and given.notes == []
    torch.testing.assert_close(tensor(opened, given), opened.data_sample().images(opened.model, [3]))


def test_a_code_stands_for_what_its_run_decodes(server: Server) -> None:
    opened = server.gallery[WIDE]
    z = opened.model.sample_codes(1, 5)
    image = CodeSource("code", WIDE, z[0].tolist()).image(server.gallery)
    assert image.dtype == np.uint16
    assert np.array_equal(image, opened.model.arrays(opened.model.decode(z))[0])


def test_a_class_that_is_said_counts_more_than_that_of_the_data(server: Server) -> None:
    gallery = server.gallery
    known = int(gallery[ASKING].data_sample().labels[2])
    assert label_of(gallery, DataSource("data", ASKING, 2)).tolist() == [known]
    assert label_of(gallery, DataSource("data", ASKING, 2, label=known + 1)).tolist() == [known + 1]
    assert label_of(gallery, CodeSource("code", ASKING, [0.0] * 3)).tolist() == [-1]


@pytest.mark.parametrize("index", [-1, 10_000])
def test_an_image_that_is_not_there_is_refused(index: int, server: Server) -> None:
    with pytest.raises(UserError, match="; "):
        DataSource("data", JUDGED, index).image(server.gallery)


READ: TypeAdapter[Any] = TypeAdapter(Source)


def test_the_kind_says_what_a_source_is() -> None:
    file = READ.validate_python(upload("a.png", b"bytes", channels=[2, 0]))
    assert isinstance(file, FileSource) and (file.content, file.channels) == (b"bytes", (2, 0))
    assert READ.validate_python(FIRST) == DataSource("data", JUDGED, 0)
    assert READ.validate_python({"kind": "code", "run": 1, "code": [0, 1]}) == CodeSource("code", 1, [0, 1])


SENSELESS = [
    {"kind": "path", "name": "/etc/passwd"},
    FIRST | {"label": -2},
    FIRST | {"index": "first"},
    FIRST | {"name": "a.png"},
    {"kind": "code", "run": 0, "code": [1e7, 0, 0]},
    {"kind": "code", "run": 0, "code": [float("nan"), 0, 0]},
    {"kind": "file", "name": "a.png", "content": "A"},
]


@pytest.mark.parametrize("said", SENSELESS)
def test_what_makes_no_sense_is_no_source(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python(said)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG file."""
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def png(width: int, height: int) -> bytes:
    """A PNG file that says it is so large, and holds no pixel."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    parts = chunk(b"IHDR", size + b"\x08\x00\x00\x00\x00"), chunk(b"IDAT", b""), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def npy(array: np.ndarray) -> bytes:
    """An array as a file."""
    return encoded(array, "npy")


UPLOADS = [
    (JUDGED, "a.png", b"hello", "not an image"),
    (JUDGED, "a.png", b"", "empty file"),
    (JUDGED, "a.html", b"<html>", "a web page, not an image"),
    (JUDGED, "a.png", png(8, 8)[:40], "cannot be used"),
    (JUDGED, "a.png", png(60_000, 60_000), "pixels"),
    (JUDGED, "a.png", png(8000, 8000), "give at most"),
    (JUDGED, "a.npy", npy(np.array([{}], object)), "Python objects"),
    (JUDGED, "a.npy", npy(np.zeros((8, 8), np.float32))[:-1], "not as long as its header says"),
    (JUDGED, "a.npy", npy(np.full((8, 8), np.nan, np.float32)), "NaN"),
    (JUDGED, "a.npy", npy(np.zeros(3)), "not that of images"),
    (JUDGED, "a.npy", b"\x93NUMPY", "no sound .npy file"),
    (WIDE, "a.npy", npy(np.zeros((8, 8, 2), np.uint8)), "give one that has them"),
]


@pytest.mark.parametrize(("run", "name", "content", "message"), UPLOADS)
def test_a_bad_upload_is_a_message(run: int, name: str, content: bytes, message: str, ask: Ask) -> None:
    reply = ask("look", run=run, source=upload(name, content))
    assert reply.status == 422 and message in reply.said["error"]
    assert ask("runs").status == 200
