"""Files that hold codes: what is written is read again, and nothing else is."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from likeness.errors import UserError
from likeness.models.code_files import encode_files, load_image, read_codes, write_codes, write_named_codes
from support.small_runs import Models

CODES = torch.tensor([[0.5, -1.25, 3.0], [1e-30, 2.0, -7.0]])


@pytest.mark.parametrize(
    "array",
    [np.zeros(3, np.float32), np.zeros((2, 3), int), np.full((2, 3), np.nan), np.zeros((2, 3), "U3")],
    ids=["flat", "whole", "nan", "words"],
)
def test_arrays_that_are_no_codes_are_refused(tmp_path: Path, array: np.ndarray) -> None:
    np.save(tmp_path / "codes.npy", array)
    with pytest.raises(UserError, match="codes are finite floats"):
        read_codes(tmp_path / "codes.npy")


def test_codes_are_written_only_to_npz(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"does not end in \.npz"):
        write_codes(tmp_path / "codes.txt", {})
    assert not list(tmp_path.iterdir())


def test_codes_come_back_bit_by_bit_with_their_names(tmp_path: Path) -> None:
    out = write_named_codes(tmp_path / "codes.npz", CODES, ["a", "Ærø"])
    assert torch.equal(read_codes(out), CODES)
    assert np.load(out)["names"].tolist() == ["a", "Ærø"]


def test_codes_of_double_precision_are_read_in_single(tmp_path: Path) -> None:
    np.save(tmp_path / "codes.npy", CODES.double().numpy())
    found = read_codes(tmp_path / "codes.npy")
    assert found.dtype == torch.float32 and torch.equal(found, CODES)


@pytest.mark.parametrize("name", ["codes.npz", "codes.npy", "codes.pt"])
def test_a_file_that_is_not_there_holds_no_codes(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=f"{name} holds no codes"):
        read_codes(tmp_path / name)


def test_an_archive_without_codes_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "images.npz", images=np.zeros((2, 3), np.float32))
    with pytest.raises(UserError, match=r"holds no codes.*; give what `likeness encode` wrote"):
        read_codes(tmp_path / "images.npz")


def test_codes_that_are_cut_short_are_refused_in_one_line(tmp_path: Path) -> None:
    np.savez(tmp_path / "codes.npz", codes=np.zeros((3, 4), np.float32))
    content = (tmp_path / "codes.npz").read_bytes()
    (tmp_path / "codes.npz").write_bytes(content[:-30])
    with pytest.raises(UserError, match="holds no codes") as error:
        read_codes(tmp_path / "codes.npz")
    assert "\n" not in str(error.value)


def test_files_of_codes_and_of_images_are_codes_in_their_order(models: Models, tmp_path: Path) -> None:
    model, stored, *_ = models()
    Image.fromarray(stored[3, :, :, 0]).save(tmp_path / "a.png")
    kept = write_named_codes(tmp_path / "codes.npz", CODES, ["a", "b"])
    found = encode_files(model, [tmp_path / "a.png", kept])
    assert torch.equal(found, torch.cat([model.encode(model.scaling.to_unit(stored[3:4])).mean, CODES]))


def test_codes_of_another_model_are_refused(models: Models, tmp_path: Path) -> None:
    kept = write_named_codes(tmp_path / "codes.npz", CODES[:, :2], ["a", "b"])
    with pytest.raises(UserError, match="codes have 2 dimensions, this model 3"):
        encode_files(models().model, [kept])


def test_the_image_of_a_file_of_codes_is_decoded_from_the_first(models: Models, tmp_path: Path) -> None:
    model = models().model
    kept = write_named_codes(tmp_path / "codes.npz", CODES, ["a", "b"])
    assert torch.equal(load_image(model, kept), model.decode(CODES[:1]))
