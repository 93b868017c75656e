"""A trained model: what goes in, what comes out, and in which values."""

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load as tensors

import likeness
from likeness.__main__ import main
from likeness.errors import UserError
from likeness.models.code_files import read_codes, write_codes
from likeness.models.codes import encode_all
from likeness.runs.output import write_images
from support.small_runs import newest, pixels, trained

KINDS = [("uint8", 1), ("uint8", 3), ("uint16", 1), ("uint16", 3), ("float32", 2)]
every_kind = pytest.mark.parametrize("dtype, channels", KINDS)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A trained model of images of any type and number of channels, and these images."""
    folder, known = tmp_path_factory.mktemp("models"), {}

    def model_of(dtype="uint8", channels=1, method="vae"):
        key = f"{dtype}-{channels}-{method}"
        if key not in known:
            stored = pixels(20, 6, 5, channels, dtype=dtype)
            np.savez(folder / f"{key}.npz", images=stored)
            trained(folder / key, folder / f"{key}.npz", method)
            known[key] = likeness.load(folder / key), stored, folder / key
        return known[key]

    return model_of


@every_kind
def test_shapes_of_codes_reconstructions_and_samples(models, dtype, channels):
    model, stored, _ = models(dtype, channels)
    x = model.scaling.to_unit(stored)
    assert model.encode(x).shape == (20, 3)
    assert model.decode(model.codes(5)).shape == (5, channels, 6, 5)
    assert model.reconstruct(x).shape == x.shape
    assert model.sample(7).shape == (7, channels, 6, 5)
    assert model.sample(300).shape[0] == 300


@every_kind
def test_values_come_back_in_the_datas_own_type_range_and_channels(models, dtype, channels):
    model, stored, _ = models(dtype, channels)
    out = model.arrays(model.sample(4))
    assert out.shape == (4, 6, 5, channels)
    assert out.dtype == dtype
    train = model.scaling.from_unit(torch.stack([-torch.ones(channels, 1, 1), torch.ones(channels, 1, 1)]))
    assert np.allclose(train.min(axis=(0, 1, 2)), model.scaling.low)
    assert np.allclose(train.max(axis=(0, 1, 2)), model.scaling.high)
    back = model.arrays(model.scaling.to_unit(stored))
    np.testing.assert_allclose(
        back.astype(float), stored.astype(float), atol=0 if dtype != "float32" else 1e-4
    )


def test_a_model_answers_the_same_twice_and_when_loaded_again(models):
    model, stored, path = models()
    x, again = model.scaling.to_unit(stored), likeness.load(path)
    assert torch.equal(model.encode(x), again.encode(x))
    assert torch.equal(model.reconstruct(x), again.reconstruct(x))
    assert torch.equal(model.sample(3, seed=5), again.sample(3, seed=5))
    assert not torch.equal(model.sample(3, seed=5), model.sample(3, seed=6))


def test_sampling_leaves_the_random_numbers_of_others_alone(models):
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    models()[0].sample(3, seed=9)
    assert torch.equal(torch.rand(3), expected)


def test_an_image_is_coded_the_same_whatever_it_is_with(models):
    model, stored, _ = models()
    x = model.scaling.to_unit(stored)
    many = x.repeat(20, 1, 1, 1)
    torch.testing.assert_close(model.encode(many)[300:320], model.encode(x))


def test_a_code_is_the_mean_of_the_posterior(models):
    model, stored, _ = models()
    x = model.scaling.to_unit(stored)
    with torch.no_grad():
        assert torch.equal(model.encode(x), model.nets["encoder"](x)[:, :3])


def test_a_model_keeps_no_gradient_and_does_not_train(models):
    model, stored, _ = models()
    assert not model.decode(model.encode(model.scaling.to_unit(stored))).requires_grad
    assert not any(m.training for m in model.nets.modules())
    assert not any(p.requires_grad for p in model.nets.parameters())


def test_a_gan_refuses_to_encode_in_one_line(models, tmp_path, capsys):
    model, stored, path = models(method="gan")
    with pytest.raises(UserError, match=r"^GAN has no encoder; train a method that has one"):
        model.encode(model.scaling.to_unit(stored))
    assert (
        main(
            [
                "encode",
                str(path),
                "digits",
                "--out",
                str(tmp_path / "c.npz"),
            ]
        )
        == 2
    )
    assert capsys.readouterr().err.count("\n") == 1
    assert model.sample(2).shape == (2, 1, 6, 5)


@pytest.mark.parametrize("shape", [(2, 1, 5, 6), (2, 3, 6, 5), (2, 1, 12, 10)])
def test_images_of_another_shape_are_refused(models, shape):
    model, *_ = models()
    with pytest.raises(UserError, match=r"this model was trained on \(1, 6, 5\)"):
        model.encode(torch.zeros(shape))
    with pytest.raises(UserError, match="resize them or train at their size"):
        model.reconstruct(torch.zeros(shape))


def test_codes_of_another_length_are_refused(models):
    with pytest.raises(UserError, match="codes have 4 dimensions, this model 3"):
        models()[0].decode(torch.zeros(1, 4))


@pytest.mark.parametrize("channels, size", [(3, (5, 6)), (1, (6, 5))])
def test_image_files_of_another_size_or_channels_are_refused(models, tmp_path, channels, size):
    model, *_ = models()
    Image.new("L" if channels == 1 else "RGB", size).save(tmp_path / "a.png")
    with pytest.raises(UserError, match=r"a\.png is .* but the model takes 1x6x5"):
        model.images([tmp_path / "a.png"])


def test_image_files_are_seen_as_the_training_images_were(models, tmp_path):
    model, stored, _ = models()
    Image.fromarray(stored[3, :, :, 0]).save(tmp_path / "a.png")
    x = model.images([tmp_path / "a.png"])
    assert torch.equal(x, model.scaling.to_unit(stored[3:4]))


def test_a_checkpoint_is_loaded_by_its_path(run):
    first, last = (likeness.load(run / "checkpoints" / f"step-0000000{k}") for k in (2, 4))
    assert (first.step, last.step, likeness.load(run).step) == (2, 4, 4)
    assert not torch.equal(first.sample(2), last.sample(2))
    assert torch.equal(likeness.load(run).sample(2), last.sample(2))


@pytest.mark.parametrize("place", ["", "none", "checkpoints"])
def test_a_directory_that_is_no_run_is_refused(run, tmp_path, place):
    target = tmp_path if not place else run / place
    with pytest.raises(UserError, match=r"is not a run: it has no config\.yaml"):
        likeness.load(target)


def test_a_checkpoint_that_is_not_there_is_named(run):
    with pytest.raises(likeness.errors.RunError, match="step-00000009"):
        likeness.load(run / "checkpoints" / "step-00000009")


def test_averaged_weights_are_the_ones_loaded(images, tmp_path):
    trained(tmp_path / "run", images, ema=0.9, lr=0.01)
    files = newest(tmp_path / "run").files
    loaded = likeness.load(tmp_path / "run").nets.state_dict()
    average, last = (tensors(files[f"{name}.safetensors"]) for name in ("average", "weights"))
    assert all(torch.equal(loaded[k], v) for k, v in average.items())
    assert any(not torch.equal(loaded[k], v) for k, v in last.items())


def test_without_an_average_the_last_weights_are_loaded(run):
    last = tensors(newest(run).files["weights.safetensors"])
    assert all(torch.equal(likeness.load(run).nets.state_dict()[k], v) for k, v in last.items())


@every_kind
def test_arrays_and_folders_hold_exactly_the_datas_values(models, tmp_path, dtype, channels):
    model, *_ = models(dtype, channels)
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
def test_a_picture_for_the_eye_opens(models, tmp_path, dtype, channels):
    model, *_ = models(dtype, channels)
    write_images(model, model.sample(3), tmp_path / "x.png", [], 3)
    picture = Image.open(tmp_path / "x.png")
    wide = 5 * channels if channels == 2 else 5
    factor = -(-64 // max(6, wide))
    assert picture.mode == "RGB"
    assert picture.size == (3 * (wide * factor + 2) + 2, 6 * factor + 4)


@pytest.mark.parametrize("out", ["none/x.png", "file/x.npy", "file"])
def test_a_place_that_cannot_be_written_is_refused_in_one_line(models, tmp_path, capsys, out):
    (tmp_path / "file").write_text("kept")
    _, _, path = models()
    assert main(["sample", str(path), "-n", "2", "--out", str(tmp_path / out)]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "choose another --out" in message
    assert (tmp_path / "file").read_text() == "kept"


def test_codes_of_a_data_set_come_with_names_and_splits(models, tmp_path):
    model, stored, path = models()
    found = encode_all(model, f"{path}.npz")
    assert found["codes"].shape == (20, 3)
    assert sorted(set(found["splits"])) == ["test", "train", "validation"]
    row = [int(name.split("[")[1][:-1]) for name in found["names"]]
    assert sorted(row) == list(range(20))
    expected = model.encode(model.scaling.to_unit(stored[row])).numpy()
    np.testing.assert_allclose(found["codes"], expected, atol=1e-6)
    write_codes(tmp_path / "codes.npz", found)
    np.testing.assert_array_equal(read_codes(tmp_path / "codes.npz").numpy(), found["codes"])


def test_a_data_set_of_another_shape_is_refused(models, tmp_path):
    np.savez(tmp_path / "other.npz", images=pixels(8, 4, 4, 1))
    with pytest.raises(UserError, match=r"are \(1, 4, 4\) uint8, this model was trained on \(1, 6, 5\)"):
        encode_all(models()[0], str(tmp_path / "other.npz"))


@pytest.mark.parametrize(
    "array",
    [np.zeros(3, np.float32), np.zeros((2, 3), int), np.full((2, 3), np.nan), np.zeros((2, 3), "U3")],
    ids=["flat", "whole", "nan", "words"],
)
def test_arrays_that_are_no_codes_are_refused(tmp_path, array):
    np.save(tmp_path / "codes.npy", array)
    with pytest.raises(UserError, match="codes are finite floats"):
        read_codes(tmp_path / "codes.npy")


def test_codes_are_written_only_to_npz(tmp_path):
    with pytest.raises(UserError, match=r"does not end in \.npz"):
        write_codes(tmp_path / "codes.txt", {})
