"""A folder of image files: classes, splits, sizes, bad files, links."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.data.sources.folder import Folder, _check_links
from likeness.errors import UserError
from support.loading import Load, by_name, three
from support.made_images import noise


def save(path: Path, array: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(path)


def test_pixels_of_a_folder_are_those_of_its_files(pictures: Path, loaded: Load) -> None:
    data = loaded(pictures)
    for split in three(data):
        for name, image in zip(split.names, split.images):
            np.testing.assert_array_equal(image, np.asarray(Image.open(pictures / name)))
    assert data.shape == (3, 8, 8)
    assert not data.train.labelled


def test_folders_name_classes_and_splits(tmp_path: Path, loaded: Load) -> None:
    for split, count in (("train", 6), ("valid", 2), ("test", 2)):
        for kind in ("cat", "dog"):
            for i in range(count):
                save(tmp_path / split / kind / f"{i}.png", noise(4, 4, 3, seed=10 * ord(kind[0]) + i))
    data = loaded(tmp_path)
    assert [len(split) for split in three(data)] == [12, 4, 4]
    assert data.label_names == ("cat", "dog")
    names = [data.label_names[label] for label in data.train.labels]
    assert names == [name.split("/")[1] for name in data.train.names]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_link_out_of_the_folder_is_refused(
    pictures: Path, tmp_path: Path, loaded: Load, kind: str
) -> None:
    outside = tmp_path / "outside"
    save(outside / "x.png", noise(8, 8, 3))
    (pictures / "x.png").symlink_to(outside / "x.png" if kind == "file" else outside)
    with pytest.raises(UserError, match="links to a place outside"):
        loaded(pictures)


def broken(folder: Path) -> None:
    """Eight files that are no images, each in its way."""
    good = (folder / "00.png").read_bytes()
    flipped = bytearray(good)
    flipped[-20] ^= 1
    bad = [b"", b"<html>", good[:60], bytes(flipped), b"GIF89a", b"\xff\xd8\xff", b"abc", good[:8]]
    for i, data in enumerate(bad):
        (folder / f"bad{i}.png").write_bytes(data)


def test_bad_files_are_listed_with_reasons_and_the_rest_counted(pictures: Path, loaded: Load) -> None:
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
def test_skipping_bad_files_is_counted_and_repeatable(pictures: Path, loaded: Load, memory: float) -> None:
    broken(pictures)
    first, second = (loaded(pictures, bad="skip", in_memory_gib=memory) for _ in range(2))
    splits = [three(data) for data in (first, second)]
    assert sum(map(len, splits[0])) == 12
    assert len(first.skipped) == 8
    assert first.skipped == second.skipped
    for one, other in zip(*splits):
        assert one.names == other.names
        assert not any(name.startswith("bad") for name in one.names)
        np.testing.assert_array_equal(one.images, other.images)
        for name, image in zip(one.names, one.images):
            np.testing.assert_array_equal(image, np.asarray(Image.open(pictures / name)))


def test_a_folder_of_nothing_but_bad_files_is_an_error_even_when_skipping(
    tmp_path: Path, loaded: Load
) -> None:
    for i in range(9):
        (tmp_path / f"{i}.png").write_bytes(b"")
    with pytest.raises(UserError, match="none of the 9 images can be used: empty file"):
        loaded(tmp_path, bad="skip")


def test_mixed_sizes_need_a_size(pictures: Path, loaded: Load) -> None:
    save(pictures / "wide.png", noise(8, 20, 3))
    with pytest.raises(UserError, match="--size"):
        loaded(pictures)
    data = loaded(pictures, size="8")
    at = by_name(data)
    np.testing.assert_array_equal(at["wide.png"], noise(8, 20, 3)[:, 6:14])


def test_an_image_smaller_than_the_size_is_bad_unless_enlarged(pictures: Path, loaded: Load) -> None:
    save(pictures / "tiny.png", noise(3, 3, 3))
    with pytest.raises(UserError, match=r"tiny.png \(3x3 is smaller than 8x8"):
        loaded(pictures, size="8")
    assert len(loaded(pictures, size="8", bad="skip").skipped) == 1
    assert not loaded(pictures, size="8", upscale=True).skipped


def test_in_a_mixed_set_grey_becomes_colour_and_eight_bits_sixteen(pictures: Path, loaded: Load) -> None:
    save(pictures / "grey.png", noise(8, 8))
    save(pictures / "deep.png", noise(8, 8, dtype="uint16"))
    data = loaded(pictures)
    at = by_name(data)
    np.testing.assert_array_equal(at["grey.png"][..., 1], noise(8, 8).astype(np.uint16) * 257)
    np.testing.assert_array_equal(at["deep.png"][..., 2], noise(8, 8, dtype="uint16"))
    assert data.train.images.dtype == np.uint16


def test_float_images_mix_with_no_others(pictures: Path, loaded: Load) -> None:
    save(pictures / "f.tiff", np.ones((8, 8), np.float32))
    with pytest.raises(UserError, match="one kind"):
        loaded(pictures)


def test_grey_is_what_pillow_makes_of_colour(pictures: Path, loaded: Load) -> None:
    data = loaded(pictures, grey=True)
    for name, image in zip(data.train.names, data.train.images):
        expected = np.asarray(Image.open(pictures / name).convert("L")).astype(int)
        assert abs(image[..., 0] - expected).max() <= 1


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_empty_folder_and_a_few_images_are_errors(pictures: Path, loaded: Load, count: int) -> None:
    for path in sorted(pictures.iterdir())[count:]:
        path.unlink()
    with pytest.raises(UserError, match="holds no images" if not count else "at least 4"):
        loaded(pictures)


def test_a_whole_stack_of_bad_pixels_can_be_skipped(
    tmp_path: Path, loaded: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("likeness.data.reading.encoded.IMAGES_AT_A_TIME", 2)
    for i in range(12):
        value = np.nan if i < 6 else float(i)
        save(tmp_path / f"{i:02}.tiff", np.full((4, 4), value, np.float32))
        if i < 4:
            data = (tmp_path / f"{i:02}.tiff").read_bytes()
            (tmp_path / f"{i:02}.tiff").write_bytes(data[:-10])
    data = loaded(tmp_path, bad="skip", validation=0, test=0)
    assert len(data.skipped) == 6
    assert data.train.names == [f"{i:02}.tiff" for i in range(6, 12)]


def test_links_in_a_circle_are_refused_or_passed_over_without_a_traceback(
    tmp_path: Path, loaded: Load
) -> None:
    (tmp_path / "a.png").symlink_to(tmp_path / "b.png")
    (tmp_path / "b.png").symlink_to(tmp_path / "a.png")
    with pytest.raises(UserError):
        loaded(tmp_path)


def test_a_file_that_may_not_be_looked_at_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "a.png").touch()
    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(UserError, match=r"a\.png cannot be read .*Permission denied.*; mend or move it"):
        list(_check_links(tmp_path, iter(["a.png"])))


def test_hidden_files_and_folders_are_passed_over(pictures: Path, loaded: Load) -> None:
    save(pictures / ".trash" / "x.png", noise(8, 8, 3))
    (pictures / "00.png").rename(pictures / ".00.png")
    assert sorted(by_name(loaded(pictures))) == [f"{i:02}.png" for i in range(1, 12)]


def test_a_link_within_the_folder_is_an_image_of_its_own(pictures: Path, loaded: Load) -> None:
    (pictures / "again.png").symlink_to(pictures / "00.png")
    at = by_name(loaded(pictures))
    assert len(at) == 13
    np.testing.assert_array_equal(at["again.png"], at["00.png"])


def test_a_folder_is_claimed_for_images_at_any_depth_and_for_no_other_file(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "notes.txt").touch()
    assert not Folder().claims(str(tmp_path))
    (inner / "PHOTO.JPG").touch()
    assert Folder().claims(str(tmp_path))


def test_folders_of_folders_are_classes_of_their_whole_path(tmp_path: Path, loaded: Load) -> None:
    for i in range(8):
        save(tmp_path / "cats" / ("old" if i % 2 else "young") / f"{i}.png", noise(4, 4, seed=i))
    assert loaded(tmp_path).label_names == ("cats/old", "cats/young")
