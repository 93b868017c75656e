"""How a word or a path finds the source that reads it."""

from pathlib import Path

import numpy as np
import pytest

from likeness import registry
from likeness.data.settings import DataSettings
from likeness.data.sources import _source
from likeness.errors import LikenessError, UserError
from support.loading import Load
from support.made_images import noise


def test_every_file_of_the_folder_is_a_source() -> None:
    assert sorted(_source.sources()) == registry.names(_source.PACKAGE)
    assert "digits" in _source.sources()


def test_a_near_word_is_offered(loaded: Load) -> None:
    with pytest.raises(UserError, match="did you mean digits"):
        loaded("digit")


def test_a_word_is_looked_up_in_the_collection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loaded: Load
) -> None:
    np.save(tmp_path / "mine.npy", noise(20, 4, 4))
    monkeypatch.setenv("LIKENESS_DATA", str(tmp_path))
    assert loaded("mine.npy").shape == (1, 4, 4)
    with pytest.raises(UserError, match=r"did you mean .*mine.npy"):
        loaded("mien.npy")
    with pytest.raises(LikenessError):
        loaded(f"../{tmp_path.name}/mine.npy")


def test_a_path_here_is_meant_before_its_namesake_in_the_collection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, collection = tmp_path / "here", tmp_path / "collection"
    for folder in (here, collection):
        (folder / "cats").mkdir(parents=True)
    (collection / "dogs").mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("LIKENESS_DATA", str(collection))
    assert [_source.locate(word, ["digits"]) for word in ("cats", "dogs", "cows", "digits")] == [
        "cats",
        str(collection / "dogs"),
        "cows",
        "digits",
    ]


def test_a_folder_that_two_sources_claim_is_refused(pictures: Path, loaded: Load) -> None:
    np.save(pictures / "train.npy", noise(20, 4, 4))
    with pytest.raises(UserError, match="arrays and as folder"):
        loaded(pictures)


def test_a_folder_without_images_is_refused(tmp_path: Path, loaded: Load) -> None:
    (tmp_path / "notes.txt").write_text("none")
    with pytest.raises(UserError, match="holds no images that can be read"):
        loaded(tmp_path)


def test_data_without_a_name_are_asked_for() -> None:
    with pytest.raises(UserError, match=r"^--data is empty; name a file, a folder"):
        _source.read(DataSettings(data=""))


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("train-00000-of-00003", "train"),
        ("t10k-images-idx3-ubyte.gz", "test"),
        ("faces_VAL.npz", "validation"),
        ("dev", "validation"),
        ("my.test.npy", "test"),
        ("training-of-the-test", "train"),
        ("trained", ""),
        ("latest", ""),
        ("", ""),
    ],
)
def test_a_split_is_a_whole_word_of_a_name_and_the_first_one_counts(name: str, split: str) -> None:
    assert _source.split_of(name) == split
