"""The one word or path that names the data."""

import importlib.util

import numpy as np
import pydantic
import pytest

from likeness import registry
from likeness.data.settings import DataSettings
from likeness.data.sources import _source
from likeness.errors import LikenessError, UserError
from support.made_images import noise


def test_every_file_of_the_folder_is_a_source():
    assert sorted(_source.sources()) == registry.names(_source.PACKAGE)
    assert "digits" in _source.sources()


def test_digits_need_no_file(loaded):
    data = loaded("digits")
    assert [len(s) for s in (data.train, data.validation, data.test)] == [1437, 180, 180]
    assert data.shape == (1, 8, 8)
    assert data.train.images.max() == 255
    assert data.label_names == tuple("0123456789")


def test_a_near_word_is_offered(loaded):
    with pytest.raises(UserError, match="did you mean digits"):
        loaded("digit")


def test_a_word_is_looked_up_in_the_collection(tmp_path, monkeypatch, loaded):
    np.save(tmp_path / "mine.npy", noise(20, 4, 4))
    monkeypatch.setenv("LIKENESS_DATA", str(tmp_path))
    assert loaded("mine.npy").shape == (1, 4, 4)
    with pytest.raises(UserError, match=r"did you mean .*mine.npy"):
        loaded("mien.npy")
    with pytest.raises(LikenessError):
        loaded(f"../{tmp_path.name}/mine.npy")


def test_a_folder_that_two_sources_claim_is_refused(pictures, loaded):
    np.save(pictures / "train.npy", noise(20, 4, 4))
    with pytest.raises(UserError, match="arrays and as folder"):
        loaded(pictures)


def test_a_folder_without_images_is_refused(tmp_path, loaded):
    (tmp_path / "notes.txt").write_text("none")
    with pytest.raises(UserError, match="holds no images that can be read"):
        loaded(tmp_path)


@pytest.mark.skipif(importlib.util.find_spec("datasets") is not None, reason="datasets is there")
def test_a_hub_name_without_the_extra_says_what_to_install(loaded):
    with pytest.raises(UserError, match=r"pip install 'likeness\[hub\]'"):
        loaded("owner/name")


@pytest.mark.parametrize(
    "options",
    [
        {"size": "0"},
        {"size": "64x64x3"},
        {"size": "-1"},
        {"size": "5000"},
        {"bad": "ignore"},
        {"validation": 1.0},
        {"shift": -1},
        {"limit": 0},
        {"channels": []},
        {"in_memory_gib": 0},
    ],
)
def test_settings_without_sense_are_refused(options):
    with pytest.raises(pydantic.ValidationError):
        DataSettings(data="digits", **options)


def test_cells_keep_sixteen_bits_and_channel_names(real_data, loaded):
    data = loaded(real_data("cells"))
    assert data.train.images.dtype == np.uint16
    assert data.channel_names == ("bright_field", "dna_stain", "dark_field")
    assert len(data.test) == 682
    assert data.label_names[0] == "G1"
