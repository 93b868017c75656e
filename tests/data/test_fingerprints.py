"""Digests of data."""

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.data import fingerprints
from support.loading import Load
from support.made_images import noise


def test_the_fingerprint_survives_a_copy_and_nothing_else(
    pictures: Path, tmp_path: Path, loaded: Load
) -> None:
    first = loaded(pictures).fingerprint
    copy = tmp_path / "copy"
    shutil.copytree(pictures, copy)
    assert loaded(copy).fingerprint == first
    (copy / "00.png").rename(copy / "renamed.png")
    assert loaded(copy).fingerprint != first
    (copy / "renamed.png").rename(copy / "00.png")
    Image.fromarray(noise(8, 8, 3, seed=99)).save(copy / "00.png")
    assert loaded(copy).fingerprint != first
    shutil.copy(pictures / "00.png", copy)
    assert loaded(copy).fingerprint == first
    (copy / "11.png").unlink()
    assert loaded(copy).fingerprint != first
    shutil.copytree(pictures, copy, dirs_exist_ok=True)
    Image.fromarray(noise(8, 8, 3, seed=12)).save(copy / "12.png")
    assert loaded(copy).fingerprint != first


def test_a_digest_of_files_is_one_of_their_names_and_contents_in_order(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"first")
    (tmp_path / "b").write_bytes(b"")
    digest = fingerprints.of_files([("x", tmp_path / "a"), ("y", tmp_path / "b")])
    contents = [hashlib.blake2b(content, digest_size=16).hexdigest() for content in (b"first", b"")]
    parts = ["x", contents[0], "y", contents[1]]
    whole = b"".join(hashlib.sha256(part.encode()).digest() for part in parts)
    assert digest == hashlib.sha256(whole).hexdigest()
    assert digest != fingerprints.of_files([("y", tmp_path / "b"), ("x", tmp_path / "a")])


@pytest.mark.parametrize("side", [2, 40])
def test_the_digest_of_an_image_is_one_of_its_values_whatever_their_layout_in_memory(side: int) -> None:
    images = noise(5, side, side, 3).astype(np.uint16)
    expected = [hashlib.blake2b(image.tobytes(), digest_size=16).digest() for image in images]
    found = fingerprints.of_rows(images)
    assert found.shape == (5, 16) and [row.tobytes() for row in found] == expected
    np.testing.assert_array_equal(fingerprints.of_rows(np.asfortranarray(images)), found)
    assert fingerprints.of_rows(images[:0]).shape == (0, 16)


def test_a_file_and_its_bytes_have_the_same_digest(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    here, there = fingerprints.of_items([tmp_path / "a", b"content"])
    np.testing.assert_array_equal(here, there)


def test_texts_cut_in_another_place_have_another_digest() -> None:
    cuts = [["ab", "c"], ["a", "bc"], ["abc"], ["", "abc"], []]
    assert len({fingerprints.of_parts(parts) for parts in cuts}) == len(cuts)


def test_a_name_that_is_no_unicode_has_a_digest() -> None:
    strange = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert fingerprints.of_parts([strange]) != fingerprints.of_parts(["caf"])


def test_an_image_is_known_by_its_content_in_memory_and_on_disk(tmp_path: Path) -> None:
    image = noise(4, 4, 3)
    assert fingerprints.of_image(
        image.transpose(1, 0, 2).copy().transpose(1, 0, 2)
    ) == fingerprints.of_image(image)
    (tmp_path / "x").write_bytes(image.tobytes())
    assert (
        fingerprints.of_image(tmp_path / "x") == hashlib.blake2b(image.tobytes(), digest_size=16).digest()
    )
    assert fingerprints.of_rows(image[None]).tobytes() == fingerprints.of_image(image)
    assert fingerprints.of_image(tmp_path / "missing") == fingerprints.of_image(b"")
