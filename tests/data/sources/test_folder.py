"""A folder of image files: classes, splits, tables, sizes, bad files, links."""

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from likeness.data.sources.folder import _checked
from likeness.errors import UserError
from support.made_images import noise


def save(path, array):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(path)


def test_pixels_of_a_folder_are_those_of_its_files(pictures, loaded):
    data = loaded(pictures)
    for split in (data.train, data.validation, data.test):
        for name, image in zip(split.names, split.images):
            np.testing.assert_array_equal(image, np.asarray(Image.open(pictures / name)))
    assert data.shape == (3, 8, 8)
    assert not data.train.labelled


def test_folders_name_classes_and_splits(tmp_path, loaded):
    for split, count in (("train", 6), ("valid", 2), ("test", 2)):
        for kind in ("cat", "dog"):
            for i in range(count):
                save(tmp_path / split / kind / f"{i}.png", noise(4, 4, 3, seed=10 * ord(kind[0]) + i))
    data = loaded(tmp_path)
    assert [len(s) for s in (data.train, data.validation, data.test)] == [12, 4, 4]
    assert data.label_names == ("cat", "dog")
    names = [data.label_names[label] for label in data.train.labels]
    assert names == [name.split("/")[1] for name in data.train.names]


def test_a_table_gives_labels_groups_and_attributes(pictures, loaded):
    lines = ["file_name,label,person,Smiling"]
    lines += [f"{i:02}.png,{'ab'[i % 2]},p{i // 3},{i % 2}" for i in range(12)]
    (pictures / "metadata.csv").write_text("\n".join(lines))
    data = loaded(pictures, group="person")
    assert data.label_names == ("a", "b")
    assert data.attribute_names == ("Smiling",)
    np.testing.assert_array_equal(data.train.labels, data.train.attributes[:, 0])
    people = [{int(n[:2]) // 3 for n in s.names} for s in (data.train, data.validation, data.test)]
    assert not people[0] & people[1] | people[0] & people[2] | people[1] & people[2]


def test_a_parquet_table_is_as_good_as_a_csv(pictures, loaded):
    names = [f"{i:02}.png" for i in range(12)]
    pq.write_table(pa.table({"file_name": names, "label": range(12)}), pictures / "table.parquet")
    data = loaded(pictures)
    assert [int(name[:2]) for name in data.train.names] == data.train.labels.tolist()


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("../secret.png,0", "outside the folder"),
        ("/etc/passwd,0", "outside the folder"),
        ("absent.png,0", "without an image"),
        ("", "no row"),
    ],
)
def test_a_table_that_does_not_match_the_images_is_refused(pictures, loaded, row, word):
    rows = [f"{i:02}.png,0" for i in range(12 if row else 11)]
    (pictures / "t.csv").write_text("\n".join(["file_name,label", *rows, row]))
    with pytest.raises(UserError, match=word):
        loaded(pictures)


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_link_out_of_the_folder_is_refused(pictures, tmp_path, loaded, kind):
    outside = tmp_path / "outside"
    save(outside / "x.png", noise(8, 8, 3))
    (pictures / "x.png").symlink_to(outside / "x.png" if kind == "file" else outside)
    with pytest.raises(UserError, match="links to a place outside"):
        loaded(pictures)


def broken(folder):
    """Eight files that are no images, each in its way."""
    good = (folder / "00.png").read_bytes()
    flipped = bytearray(good)
    flipped[-20] ^= 1
    bad = [b"", b"<html>", good[:60], bytes(flipped), b"GIF89a", b"\xff\xd8\xff", b"abc", good[:8]]
    for i, data in enumerate(bad):
        (folder / f"bad{i}.png").write_bytes(data)


def test_bad_files_are_listed_with_reasons_and_the_rest_counted(pictures, loaded):
    broken(pictures)
    with pytest.raises(UserError) as error:
        loaded(pictures)
    message = str(error.value)
    assert message.startswith("8 of 20 images cannot be used: ")
    assert "bad0.png (empty file)" in message
    assert "bad1.png (a web page, not an image)" in message
    assert "and 3 more; " in message
    assert "\n" not in message


@pytest.mark.parametrize("memory", [4.0, 1e-9])
def test_skipping_bad_files_is_counted_and_repeatable(pictures, loaded, memory):
    broken(pictures)
    first, second = (loaded(pictures, bad="skip", in_memory_gib=memory) for _ in range(2))
    splits = [(d.train, d.validation, d.test) for d in (first, second)]
    assert sum(map(len, splits[0])) == 12
    assert len(first.skipped) == 8
    assert first.skipped == second.skipped
    for one, other in zip(*splits):
        assert one.names == other.names
        assert not any(name.startswith("bad") for name in one.names)
        np.testing.assert_array_equal(one.images, other.images)
        for name, image in zip(one.names, one.images):
            np.testing.assert_array_equal(image, np.asarray(Image.open(pictures / name)))


def test_a_folder_of_nothing_but_bad_files_is_an_error_even_when_skipping(tmp_path, loaded):
    for i in range(9):
        (tmp_path / f"{i}.png").write_bytes(b"")
    with pytest.raises(UserError, match="none of the 9 images can be used: empty file"):
        loaded(tmp_path, bad="skip")


def test_mixed_sizes_need_a_size(pictures, loaded):
    save(pictures / "wide.png", noise(8, 20, 3))
    with pytest.raises(UserError, match="--size"):
        loaded(pictures)
    data = loaded(pictures, size="8")
    at = {n: i for s in (data.train, data.validation, data.test) for n, i in zip(s.names, s.images)}
    np.testing.assert_array_equal(at["wide.png"], noise(8, 20, 3)[:, 6:14])


def test_an_image_smaller_than_the_size_is_bad_unless_enlarged(pictures, loaded):
    save(pictures / "tiny.png", noise(3, 3, 3))
    with pytest.raises(UserError, match=r"tiny.png \(3x3 is smaller than 8x8"):
        loaded(pictures, size="8")
    assert len(loaded(pictures, size="8", bad="skip").skipped) == 1
    assert not loaded(pictures, size="8", upscale=True).skipped


def test_in_a_mixed_set_grey_becomes_colour_and_eight_bits_sixteen(pictures, loaded):
    save(pictures / "grey.png", noise(8, 8))
    save(pictures / "deep.png", noise(8, 8, dtype="uint16"))
    data = loaded(pictures)
    at = {n: i for s in (data.train, data.validation, data.test) for n, i in zip(s.names, s.images)}
    np.testing.assert_array_equal(at["grey.png"][..., 1], noise(8, 8).astype(np.uint16) * 257)
    np.testing.assert_array_equal(at["deep.png"][..., 2], noise(8, 8, dtype="uint16"))
    assert data.train.images.dtype == np.uint16


def test_float_images_mix_with_no_others(pictures, loaded):
    save(pictures / "f.tiff", np.ones((8, 8), np.float32))
    with pytest.raises(UserError, match="one kind"):
        loaded(pictures)


def test_grey_is_what_pillow_makes_of_colour(pictures, loaded):
    data = loaded(pictures, grey=True)
    for name, image in zip(data.train.names, data.train.images):
        expected = np.asarray(Image.open(pictures / name).convert("L")).astype(int)
        assert abs(image[..., 0] - expected).max() <= 1


def test_the_fingerprint_survives_a_copy_and_nothing_else(pictures, tmp_path, loaded):
    first = loaded(pictures).fingerprint
    copy = tmp_path / "copy"
    shutil.copytree(pictures, copy)
    assert loaded(copy).fingerprint == first
    (copy / "00.png").rename(copy / "renamed.png")
    assert loaded(copy).fingerprint != first
    (copy / "renamed.png").rename(copy / "00.png")
    save(copy / "00.png", noise(8, 8, 3, seed=99))
    assert loaded(copy).fingerprint != first
    shutil.copy(pictures / "00.png", copy)
    assert loaded(copy).fingerprint == first
    (copy / "11.png").unlink()
    assert loaded(copy).fingerprint != first
    shutil.copytree(pictures, copy, dirs_exist_ok=True)
    save(copy / "12.png", noise(8, 8, 3, seed=12))
    assert loaded(copy).fingerprint != first


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_empty_folder_and_a_few_images_are_errors(pictures, loaded, count):
    for path in sorted(pictures.iterdir())[count:]:
        path.unlink()
    with pytest.raises(UserError, match="holds no images" if not count else "at least 4"):
        loaded(pictures)


def test_identical_images_are_an_error(tmp_path, loaded):
    for i in range(10):
        save(tmp_path / f"{i}.png", np.full((4, 4), 7, np.uint8))
    with pytest.raises(UserError, match="constant images"):
        loaded(tmp_path)


def test_a_whole_stack_of_bad_pixels_can_be_skipped(tmp_path, loaded, monkeypatch):
    monkeypatch.setattr("likeness.data.reading.encoded.STACK", 2)
    for i in range(12):
        value = np.nan if i < 6 else float(i)
        save(tmp_path / f"{i:02}.tiff", np.full((4, 4), value, np.float32))
        if i < 4:
            data = (tmp_path / f"{i:02}.tiff").read_bytes()
            (tmp_path / f"{i:02}.tiff").write_bytes(data[:-10])
    data = loaded(tmp_path, bad="skip", validation=0, test=0)
    assert len(data.skipped) == 6
    assert data.train.names == [f"{i:02}.tiff" for i in range(6, 12)]


def test_links_in_a_circle_are_refused_or_passed_over_without_a_traceback(tmp_path, loaded):
    (tmp_path / "a.png").symlink_to(tmp_path / "b.png")
    (tmp_path / "b.png").symlink_to(tmp_path / "a.png")
    with pytest.raises(UserError):
        loaded(tmp_path)


def test_a_file_that_may_not_be_looked_at_is_named(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "a.png").touch()
    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(UserError, match=r"a\.png cannot be read .*Permission denied.*; mend or move it"):
        list(_checked(tmp_path, iter(["a.png"])))
