"""A trained model: what goes in, what comes out, and in which values."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import likeness
from likeness.__main__ import main
from likeness.errors import UserError
from support.small_runs import KINDS, Models

every_kind = pytest.mark.parametrize(("dtype", "channels"), KINDS)


@every_kind
def test_shapes_of_codes_reconstructions_and_samples(models: Models, dtype: str, channels: int) -> None:
    model, stored, *_ = models(dtype, channels)
    x = model.scaling.to_unit(stored)
    assert model.encode(x).mean.shape == (20, 3)
    assert model.decode(model.sample_codes(5)).shape == (5, channels, 6, 5)
    assert model.reconstruct(x).shape == x.shape
    assert model.sample(7).shape == (7, channels, 6, 5)
    assert model.sample(300).shape[0] == 300


@every_kind
def test_values_come_back_in_the_datas_own_type_range_and_channels(
    models: Models, dtype: str, channels: int
) -> None:
    model, stored, *_ = models(dtype, channels)
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


def test_a_model_answers_the_same_twice_and_when_loaded_again(models: Models) -> None:
    model, stored, path, _ = models()
    x, again = model.scaling.to_unit(stored), likeness.load(path)
    assert torch.equal(model.encode(x).mean, again.encode(x).mean)
    assert torch.equal(model.reconstruct(x), again.reconstruct(x))
    assert torch.equal(model.sample(3, seed=5), again.sample(3, seed=5))
    assert not torch.equal(model.sample(3, seed=5), model.sample(3, seed=6))


def test_sampling_leaves_the_random_numbers_of_others_alone(models: Models) -> None:
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    models().model.sample(3, seed=9)
    assert torch.equal(torch.rand(3), expected)


def test_codes_of_half_the_temperature_are_half_as_far_from_the_origin(models: Models) -> None:
    model = models().model
    torch.testing.assert_close(
        model.sample_codes(9, seed=2, temperature=0.5), 0.5 * model.sample_codes(9, seed=2)
    )


def test_an_image_is_coded_the_same_whatever_it_is_with(models: Models) -> None:
    model, stored, *_ = models()
    x = model.scaling.to_unit(stored)
    many = x.repeat(20, 1, 1, 1)
    torch.testing.assert_close(model.encode(many).mean[300:320], model.encode(x).mean)


def test_a_code_is_the_mean_of_the_posterior(models: Models) -> None:
    model, stored, *_ = models()
    x = model.scaling.to_unit(stored)
    with torch.no_grad():
        assert torch.equal(model.encode(x).mean, model.nets["encoder"](x)[:, :3])


def test_a_model_keeps_no_gradient_and_does_not_train(models: Models) -> None:
    model, stored, *_ = models()
    assert not model.decode(model.encode(model.scaling.to_unit(stored)).mean).requires_grad
    assert not any(m.training for m in model.nets.modules())
    assert not any(p.requires_grad for p in model.nets.parameters())


def test_a_gan_refuses_to_encode_in_one_line(
    models: Models, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, stored, path, _ = models(method="gan")
    refusal = "gan has no encoder; train a method that has"
    with pytest.raises(UserError, match=f"^{refusal}"):
        model.encode(model.scaling.to_unit(stored))
    assert main(["encode", str(path), "digits", "--out", str(tmp_path / "c.npz")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said.startswith("likeness: ")
    assert not (tmp_path / "c.npz").exists()
    assert model.sample(2).shape == (2, 1, 6, 5)


@pytest.mark.parametrize("shape", [(2, 1, 5, 6), (2, 3, 6, 5), (2, 1, 12, 10)])
def test_images_of_another_shape_are_refused(models: Models, shape: tuple[int, ...]) -> None:
    model = models().model
    with pytest.raises(UserError, match=r"this model was trained on \(1, 6, 5\)"):
        model.encode(torch.zeros(shape))
    with pytest.raises(UserError, match="resize them or train at their size"):
        model.reconstruct(torch.zeros(shape))


def test_codes_of_another_length_are_refused(models: Models) -> None:
    with pytest.raises(UserError, match="codes have 4 dimensions, this model 3"):
        models().model.decode(torch.zeros(1, 4))


@pytest.mark.parametrize(("channels", "size"), [(3, (5, 6)), (1, (6, 5))])
def test_image_files_of_another_size_or_channels_are_refused(
    models: Models, tmp_path: Path, channels: int, size: tuple[int, int]
) -> None:
    Image.new("L" if channels == 1 else "RGB", size).save(tmp_path / "a.png")
    with pytest.raises(UserError, match=r"a\.png is .* but the model takes 1x6x5"):
        models().model.images([tmp_path / "a.png"])


def test_image_files_are_seen_as_the_training_images_were(models: Models, tmp_path: Path) -> None:
    model, stored, *_ = models()
    Image.fromarray(stored[3, :, :, 0]).save(tmp_path / "a.png")
    x = model.images([tmp_path / "a.png"])
    assert torch.equal(x, model.scaling.to_unit(stored[3:4]))


def test_a_restyled_image_keeps_its_style_and_takes_the_class(models: Models) -> None:
    model, stored, *_ = models(method="aae_semi", label_count=4, images=40, classes=4)
    x, code = model.scaling.to_unit(stored[:3]), model.objective.code
    codes = {k: model.transfer_style(x, torch.full((3,), k)) for k in (1, 2)}
    assert torch.equal(code.style(codes[1]), code.style(codes[2]))
    assert not torch.equal(model.decode(codes[1]), model.decode(codes[2]))
    with pytest.raises(UserError, match="a label is not in 0 to 3; choose one of them"):
        model.transfer_style(x, torch.tensor([0, 1, 4]))


def test_a_model_without_classes_says_so(models: Models) -> None:
    model, stored, *_ = models()
    with pytest.raises(UserError, match="vae has no classifier; train a method that has, such as aae_semi"):
        model.class_probabilities(model.scaling.to_unit(stored))
    assert model.classes == 0
    with pytest.raises(UserError, match="vae has no classes; train a method that has, such as aae_semi"):
        model.transfer_style(model.scaling.to_unit(stored[:1]), torch.zeros(1, dtype=torch.int64))
