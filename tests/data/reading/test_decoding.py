"""One file -> one array: conversions that the module documents, and files that must be refused."""

import io
import resource
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.data.reading.decoding import ENDINGS, FORMATS, Header, header, pixels
from likeness.data.reading.encoded import Fault, attempt, decode


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def ramp(height: int = 4, width: int = 6) -> np.ndarray:
    return np.linspace(0, 65535, height * width).reshape(height, width).astype(np.uint16)


def png_that_states(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header states a size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_sixteen_bit_grey_keeps_every_bit(kind):
    data = encoded(Image.fromarray(ramp()), kind)
    assert header(data) == Header(4, 6, 1, "uint16")
    np.testing.assert_array_equal(pixels(data)[..., 0], ramp())


def test_float_tiff_keeps_its_values():
    values = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    data = encoded(Image.fromarray(values), "TIFF")
    assert header(data) == Header(5, 4, 1, "float32")
    np.testing.assert_array_equal(pixels(data)[..., 0], values)


def test_the_endings_of_a_format_are_those_that_pillow_writes_it_for() -> None:
    written = Image.registered_extensions()
    wrong = [end for kind, endings in FORMATS.items() for end in endings if written[end] != kind]
    assert not wrong
    assert {".png", ".jpeg", ".pgm"} <= ENDINGS


def test_transparent_pixels_become_white():
    rgba = np.zeros((2, 2, 4), np.uint8)
    rgba[0, 0] = (10, 20, 30, 255)
    out = pixels(encoded(Image.fromarray(rgba)))
    assert out[0, 0].tolist() == [10, 20, 30]
    assert (out[1] == 255).all()


def test_transparent_grey_stays_one_channel_on_white():
    out = pixels(encoded(Image.new("LA", (3, 2), (100, 0))))
    assert out.shape == (2, 3, 1)
    assert (out == 255).all()


@pytest.mark.parametrize(("mode", "kind"), [("P", "PNG"), ("P", "GIF"), ("CMYK", "JPEG")])
def test_palette_and_cmyk_become_the_colour_they_show(mode, kind):
    colour = Image.new("RGB", (8, 8), (200, 40, 40))
    data = encoded(colour.convert(mode, palette=Image.Palette.ADAPTIVE), kind)
    assert header(data) == Header(8, 8, 3, "uint8")
    assert abs(pixels(data).astype(int) - (200, 40, 40)).max() <= 30


def test_two_level_images_become_black_and_white():
    bits = np.array([[True, False], [False, True]])
    out = pixels(encoded(Image.fromarray(bits)))[..., 0]
    np.testing.assert_array_equal(out, bits * 255)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG"])
def test_exif_rotation_is_applied_and_known_from_the_header(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    grey = np.zeros((8, 16), np.uint8)
    grey[:, :8] = 255
    data = encoded(Image.fromarray(grey), kind, exif=exif)
    assert header(data)[:2] == (16, 8)
    out = pixels(data)[..., 0]
    assert out.shape == (16, 8)
    assert out[:7].min() > 200
    assert out[9:].max() < 60


def test_an_animation_gives_its_first_frame():
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert pixels(data)[0, 0].tolist() == [255, 0, 0]


def test_one_pixel_is_an_image():
    assert pixels(encoded(Image.new("L", (1, 1), 7))).tolist() == [[[7]]]


@pytest.mark.parametrize("sides", [(60_000, 2_000), (2_000, 60_000), (12_000, 10_000)])
def test_a_bomb_is_refused_by_its_header_without_memory(sides):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = attempt(decode, png_that_states(*sides))
    assert isinstance(found, Fault)
    assert "pixels" in found.reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


GOOD = encoded(Image.fromarray(np.random.default_rng(0).integers(0, 255, (32, 32, 3), np.uint8)))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\0" * 100, "not an image"),
        (GOOD[: len(GOOD) // 2], ""),
        (GOOD[:500] + bytes([GOOD[500] ^ 1]) + GOOD[501:], ""),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not an image"),
    ],
    ids=["empty", "html", "zeros", "truncated", "checksum", "postscript"],
)
def test_a_broken_file_is_a_fault_with_a_reason(data, word):
    found = attempt(decode, data)
    assert isinstance(found, Fault)
    assert word in found.reason
    assert found.reason.strip()


def test_a_truncated_jpeg_is_a_fault(tmp_path: Path):
    data = encoded(Image.effect_noise((64, 64), 50), "JPEG")
    assert isinstance(attempt(decode, data[:-200]), Fault)


def test_a_large_jpeg_comes_reduced_but_never_below_twice_what_is_needed():
    data = encoded(Image.effect_noise((512, 256), 50), "JPEG")
    assert pixels(data, (32, 32)).shape == (64, 128, 1)
