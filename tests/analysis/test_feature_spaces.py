"""Features in which images are compared, by name."""

from pathlib import Path

import pytest
import torch

from likeness.analysis.feature_spaces import feature_space, load_discriminator, untrained_discriminator
from likeness.errors import UserError
from likeness.runs.run import Run
from likeness.shapes import Shape
from support.small_runs import Known, Models, pixels

SHAPE = Shape(1, 6, 5)
X = torch.from_numpy(pixels(300, 6, 5, 1)).permute(0, 3, 1, 2) / 127.5 - 1


def test_an_untrained_network_is_always_the_same_and_tells_images_apart(known: Known) -> None:
    one, other = (
        feature_space("random", Run(known.path), SHAPE, known.model.training_data)(X[:9]) for _ in range(2)
    )
    assert torch.equal(one, other)
    assert one.dim() == 2 and len(one) == 9 and float(one.std(0).mean()) > 0.01


def test_choosing_an_untrained_network_leaves_the_random_numbers_of_others_alone() -> None:
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    found = untrained_discriminator(SHAPE)
    Dis, layers = found.Dis, found.layers
    assert torch.equal(torch.rand(3), expected)
    assert not Dis.training and layers == [Dis.default_layer]


def test_the_features_of_a_run_are_means_over_places_of_its_discriminators(known: Known) -> None:
    found = feature_space(str(known.path), Run(known.path), SHAPE, known.model.training_data)(X[:9])
    own = load_discriminator(str(known.path), SHAPE)
    Dis, layers = own.Dis, own.layers
    with torch.no_grad():
        whole = [Dis(X[:9]).features[layer] for layer in layers]
    expected = torch.cat([f.flatten(2).mean(2) if f.dim() == 4 else f for f in whole], 1)
    torch.testing.assert_close(found, expected)
    assert [f.shape for f in own.features(X[:9])] == [f.shape for f in whole]


def test_an_image_has_the_same_features_whatever_it_is_with(known: Known) -> None:
    features = feature_space(str(known.path), Run(known.path), SHAPE, known.model.training_data)
    torch.testing.assert_close(features(X)[254:259], features(X[254:259]))


def test_a_discriminator_lends_the_layers_that_its_run_was_trained_with(models: Models, gan: Known) -> None:
    """One of a GAN, which has chosen none, the layer that its family recommends."""
    path = models(method="vae_gan", layers={"hidden1": 1.0, "hidden2": 0.5}).path
    assert load_discriminator(str(path), SHAPE).layers == ["hidden1", "hidden2"]
    other = load_discriminator(str(gan.path), SHAPE)
    assert other.layers == [other.Dis.default_layer]


def test_a_run_that_cannot_judge_is_refused(models: Models, known: Known) -> None:
    plain = models().path
    with pytest.raises(UserError, match="has no discriminator; train a method that has, such as vae_gan"):
        load_discriminator(str(plain), SHAPE)
    with pytest.raises(UserError, match=r"images of \(1, 6, 5\), these are \(1, 8, 8\).*; judge by a run"):
        load_discriminator(str(known.path), Shape(1, 8, 8))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("inception", "Inception is not built in: .*; give --features FILE.onnx"),
        ("inception:2048", "Inception is not built in: .*; give --features FILE.onnx"),
        ("none.onnx", "none.onnx is not a file; give an ONNX file"),
        ("nowhere", "nowhere is not a run"),
    ],
)
def test_a_name_of_no_space_is_refused(
    known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=message):
        feature_space(name, Run(known.path), SHAPE, known.model.training_data)
