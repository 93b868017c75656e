"""A trained model as a module of PyTorch: types, devices, copies, compiled, traced, differentiated."""

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor

import likeness
from laws.games import CONDITIONS, FAMILIES, METHODS, objective_of
from likeness.codes import Spatial
from likeness.data import DataSettings
from likeness.data.condition_kinds import BinaryCondition
from likeness.data.conditions import UNCONDITIONED, Conditions
from likeness.data.reading.scaling import Scaling
from likeness.data.training_data import TrainingData
from likeness.errors import UserError
from likeness.models.autoencoder import Autoencoder
from likeness.models.encoder import Encoder
from likeness.noise import Seeded
from likeness.objectives import Objective
from likeness.objectives.vae import VAE
from likeness.priors import Normal
from likeness.shapes import Shape
from support.processes import process
from support.small_runs import trained

SHAPE = Shape(1, 8, 8)
LABELS = torch.arange(3)
CONDITIONED = Conditions((BinaryCondition("round"), BinaryCondition("dark")))
ROW = torch.tensor([[1.0, 0.0]])


def model_of(
    objective: Objective, family: str = "mlp", conditions: Conditions = UNCONDITIONED
) -> Autoencoder:
    """A model of a method, with its first weights, always the same."""
    torch.manual_seed(0)
    net = FAMILIES[family]
    nets = objective.networks(net, SHAPE, conditions.width)
    scaling = Scaling("uint8", (0.0,), (255.0,))
    data = TrainingData(DataSettings("nowhere"), 0)
    rows = ROW.repeat(5, 1) if conditions.items else None
    return Autoencoder(objective, net, nets, SHAPE, scaling, data, 1, conditions, rows)


def images(n: int = 3) -> Tensor:
    """Made up images."""
    return torch.rand(n, *SHAPE, generator=torch.Generator().manual_seed(n)) * 2 - 1


def coders() -> Iterator[Autoencoder]:
    """Models of all methods that encode, of maps, of a condition, and of an encoder that is given noise."""
    for method in METHODS:
        if objective_of(method).posterior is not None:
            yield model_of(objective_of(method))
    yield model_of(VAE(code=Spatial(channels=2)), "resnet")
    yield model_of(objective_of("vae_gan", condition=("round", "dark")), "mlp", CONDITIONED)
    yield model_of(objective_of("aae", posterior="universal"))


CODERS = list(coders())
every_coder = pytest.mark.parametrize(
    "model", CODERS, ids=[f"{k}-{m.method}" for k, m in enumerate(CODERS)]
)


def arguments(model: Autoencoder, n: int = 3) -> tuple[Tensor, Tensor | None, Tensor | None]:
    """Images with the condition and the labels that the model asks for."""
    condition = ROW.repeat(n, 1) if model.conditions.items else None
    return images(n), condition, torch.arange(n) % 3 if model.needs_labels else None


@every_coder
def test_a_module_of_another_type_takes_images_of_any_and_says_about_the_same(model: Autoencoder) -> None:
    x, condition, labels = arguments(model)
    expected, code = model(x, condition, labels), model.encode(x, condition, labels).mean
    for dtype, off in ((torch.float64, 1e-5), (torch.bfloat16, 0.1), (torch.float16, 0.02)):
        other = copy.deepcopy(model).to(dtype)
        made = other(x.to(torch.float64), condition, labels)
        assert made.dtype == dtype
        torch.testing.assert_close(made.float(), expected, atol=off, rtol=off)
        torch.testing.assert_close(
            other.encode(x, condition, labels).mean.float(), code, atol=off, rtol=off
        )
        assert other.sample(2).dtype == dtype


@every_coder
def test_all_that_it_computes_is_where_its_weights_are(model: Autoencoder) -> None:
    """On a device without values, which refuses numbers of another: what is made of images is where they
    are, samples are where the weights are."""
    elsewhere, there = copy.deepcopy(model).to("meta"), torch.device("meta")
    x, condition, labels = (None if v is None else v.to("meta") for v in arguments(model))
    assert x is not None and elsewhere.device == there
    if not model.needs_labels:  # whose values are looked at
        assert elsewhere(x, condition, labels).device == there
        q = elsewhere.encode(x, condition, labels)
        assert q.mean.device == q.sample(Seeded()).device == there
    assert elsewhere.sample(4).device == elsewhere.codes(4).device == there
    if model.classifies:
        assert elsewhere.class_probabilities(x).device == there
    if model.classes:
        assert elsewhere.of_classes(LABELS, torch.zeros(3, 3, device=there)).device == there


def test_samples_are_the_same_numbers_whatever_the_type_of_the_weights() -> None:
    model = model_of(objective_of("vae"))
    torch.testing.assert_close(copy.deepcopy(model).double().codes(5), model.codes(5))


@every_coder
def test_a_copy_with_the_weights_of_another_is_that_other(model: Autoencoder) -> None:
    x, condition, labels = arguments(model)
    fresh = copy.deepcopy(model)
    with torch.no_grad():
        for weight in fresh.parameters():
            weight.mul_(0.5)
    assert not torch.equal(fresh(x, condition, labels), model(x, condition, labels))
    fresh.load_state_dict(model.state_dict())
    assert torch.equal(fresh(x, condition, labels), model(x, condition, labels))


@every_coder
def test_the_encoder_and_the_decoder_are_exported_for_any_number_of_images(model: Autoencoder) -> None:
    """Compared at a number that was not traced."""
    encoder, any_number = model.encoder, torch.export.Dim("images", min=2, max=64)
    assert encoder is not None
    traced, given = arguments(model, 3), arguments(model, 5)
    shapes = tuple(None if v is None else {0: any_number} for v in traced)
    exported = torch.export.export(encoder, traced, dynamic_shapes=shapes).module()
    q = model.encode(*given)
    mean, log_variance = exported(*given)
    torch.testing.assert_close(mean.flatten(1), q.mean)
    assert (log_variance is None) == (q.log_variance is None)
    if q.log_variance is not None:
        torch.testing.assert_close(log_variance.flatten(1), q.log_variance)


@every_coder
def test_the_decoder_is_exported_for_any_number_of_codes(model: Autoencoder) -> None:
    def whole(n: int) -> tuple[Tensor, ...]:
        codes = model.codes(n).reshape(n, *model.code_shape)
        return (codes, ROW.repeat(n, 1)) if model.conditions.items else (codes,)

    shapes = tuple({0: torch.export.Dim("codes", min=2, max=64)} for _ in whole(3))
    exported = torch.export.export(model.decoder, whole(3), dynamic_shapes=shapes).module()
    expected = model.decode(model.codes(5), ROW if model.conditions.items else None)
    torch.testing.assert_close(exported(*whole(5)), expected)


def test_a_model_that_is_compiled_reconstructs_the_same(tmp_path: Path) -> None:
    """In a process of its own, whose functions are not checked for shapes while they are traced."""
    trained(tmp_path / "run", "digits", "vae", steps=1)
    code = (
        "import sys, torch, likeness; model = likeness.load(sys.argv[1]); x = torch.rand(3, 1, 8, 8)\n"
        "made = torch.compile(model, backend='eager', fullgraph=True)(x)\n"
        "sys.exit(not torch.equal(made, model(x)))"
    )
    said = process("-c", code, str(tmp_path / "run"))
    assert said.returncode == 0, said.stderr


def test_an_image_is_differentiable_in_its_code_and_a_code_in_its_image() -> None:
    model = model_of(objective_of("vae")).double()
    x, z = images(2).double(), model.codes(2).double()
    assert torch.autograd.gradcheck(model.decode, z.requires_grad_())
    assert torch.autograd.gradcheck(lambda x: model.encode(x).mean, x.requires_grad_())
    assert not any(p.requires_grad for p in model.parameters())


def test_a_model_is_tuned_further_as_any_module() -> None:
    model, x = model_of(objective_of("ae")), images(8)
    model.train().requires_grad_()
    descent = torch.optim.Adam(model.parameters(), 1e-2)
    errors = []
    for _ in range(30):
        error = (model(x) - x).square().mean()
        descent.zero_grad()
        error.backward()
        descent.step()
        errors.append(error.item())
    assert errors[-1] < 0.9 * errors[0]


def test_a_gaussian_posterior_has_the_divergence_and_the_samples_of_its_moments() -> None:
    model = model_of(objective_of("vae"))
    q = model.encode(images(400))
    mean, log_variance = q.mean, q.log_variance
    assert log_variance is not None and mean.shape == log_variance.shape == (400, 3)
    expected = torch.distributions.kl_divergence(
        torch.distributions.Normal(mean, (0.5 * log_variance).exp()), torch.distributions.Normal(0.0, 1.0)
    ).sum(1)
    torch.testing.assert_close(q.kl(Normal()), expected)
    torch.testing.assert_close(q.kl(model.prior), expected)
    z = torch.stack([q.sample(seed) for seed in range(300)])
    standard = (z - mean) / (0.5 * log_variance).exp()
    assert abs(float(standard.mean())) < 0.01 and abs(float(standard.std()) - 1) < 0.01


@pytest.mark.parametrize(("method", "settings"), [("ae", {}), ("aae", {"posterior": "universal"})])
def test_a_posterior_without_a_density_says_so(method: str, settings: dict[str, str]) -> None:
    q = model_of(objective_of(method, **settings)).encode(images())
    assert q.log_variance is None
    with pytest.raises(
        UserError, match="this posterior has no density, and so no divergence from the prior"
    ):
        q.kl(Normal())


def test_codes_are_drawn_by_noise_that_the_encoder_is_given() -> None:
    q = model_of(objective_of("aae", posterior="universal")).encode(images(300))
    assert torch.equal(q.sample(1), q.sample(1))
    assert not torch.equal(q.sample(1), q.sample(2)) and not torch.equal(q.sample(1), q.mean)


def test_what_a_model_can_is_asked_of_it() -> None:
    gan, vae_gan, semi = (model_of(objective_of(m)) for m in ("gan", "vae_gan", "aae_semi"))
    assert gan.encoder is None and gan.discriminator is not None and gan.classes == 0
    assert isinstance(vae_gan.encoder, Encoder) and not vae_gan.classifies
    assert semi.classes == 10 and semi.classifies and semi.discriminator is None and not semi.needs_labels
    assert model_of(objective_of("aae_labels")).needs_labels == objective_of("aae_labels").code.needs_labels


def test_the_conditions_of_tests_are_those_of_the_laws() -> None:
    assert CONDITIONS[CONDITIONED.names] == CONDITIONED.width
    assert likeness.Autoencoder is Autoencoder
