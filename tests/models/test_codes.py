"""Codes of whole data sets, prepared as for the training."""

from pathlib import Path

import numpy as np
import pytest
import torch

from likeness.errors import UserError
from likeness.models.code_files import read_codes, write_codes
from likeness.models.codes import encode_all, encode_split, load_own_data, load_prepared
from support.small_runs import Models, pixels


def test_codes_of_a_data_set_come_with_names_and_splits(models: Models, tmp_path: Path) -> None:
    model, stored, _, data = models()
    found = encode_all(model, str(data))
    assert found["codes"].shape == (20, 3)
    assert sorted(set(found["splits"])) == ["test", "train", "validation"]
    row = [int(name.split("[")[1][:-1]) for name in found["names"]]
    assert sorted(row) == list(range(20))
    expected = model.encode(model.scaling.to_unit(stored[row])).mean.numpy()
    np.testing.assert_allclose(found["codes"], expected, atol=1e-6)
    write_codes(tmp_path / "codes.npz", found)
    np.testing.assert_array_equal(read_codes(tmp_path / "codes.npz").numpy(), found["codes"])


def test_a_data_set_of_another_shape_is_refused(models: Models, tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", images=pixels(8, 4, 4, 1))
    with pytest.raises(UserError, match=r"are \(1, 4, 4\) uint8, this model was trained on \(1, 6, 5\)"):
        encode_all(models().model, str(tmp_path / "other.npz"))


def test_a_data_set_of_another_type_is_refused(models: Models, tmp_path: Path) -> None:
    np.savez(tmp_path / "deep.npz", images=pixels(8, 6, 5, 1, dtype="uint16"))
    with pytest.raises(
        UserError, match=r"are \(1, 6, 5\) uint16, this model .* uint8 .*; give such images"
    ):
        load_prepared(models().model, str(tmp_path / "deep.npz"))


def test_an_empty_split_has_no_codes_of_the_models_length(models: Models) -> None:
    model = models().model
    nothing = load_own_data(model).train.rows(np.array([], dtype=int))
    assert encode_split(model, nothing).shape == (0, 3)


def test_a_models_own_data_are_split_as_they_were_for_its_training(models: Models) -> None:
    model, stored, *_ = models()
    rows = [int(name.split("[")[1][:-1]) for name in load_own_data(model).test.names]
    np.testing.assert_array_equal(load_own_data(model).test.images, stored[rows])
    other = load_prepared(model, model.data.data)
    assert list(other.test.names) == list(load_own_data(model).test.names)


def test_labels_left_out_of_a_training_are_there_again_in_prepared_data(models: Models) -> None:
    """Images of a class that a model has never seen are what it is later asked about."""
    model = models(images=24, label_count=3, without=("2",)).model
    assert set(load_own_data(model).train.labels.tolist()) == {0, 1}
    assert set(load_prepared(model, model.data.data).train.labels.tolist()) == {0, 1, 2}


def test_an_image_is_told_its_label_where_the_encoder_asks_for_it(models: Models) -> None:
    model = models(method="aae_supervised", label_count=4, images=40, classes=4).model
    train = load_own_data(model).train
    x, labels = model.scaling.to_unit(train.images), torch.from_numpy(train.labels)
    torch.testing.assert_close(encode_split(model, train), model.encode(x, labels=labels).mean)
