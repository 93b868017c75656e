"""A trained model as a module of PyTorch: types, devices, copies, compiled, traced, differentiated."""

import copy
from pathlib import Path

import torch
from torch import Tensor

import likeness
from laws.games import CONDITIONS, objective_of
from likeness.models.autoencoder import Autoencoder
from likeness.models.encoder import Encoder
from likeness.noise import SeededNoise
from support.coders import CONDITIONED, ROW, arguments, every_coder, images, model_of
from support.processes import process
from support.small_runs import trained

LABELS = torch.arange(3)


@every_coder
def test_the_decoder_is_exported_for_any_number_of_codes(model: Autoencoder) -> None:
    def whole(n: int) -> tuple[Tensor, ...]:
        codes = model.sample_codes(n).reshape(n, *model.code_shape)
        return (codes, ROW.repeat(n, 1)) if model.conditions.items else (codes,)

    shapes = tuple({0: torch.export.Dim("codes", min=2, max=64)} for _ in whole(3))
    exported = torch.export.export(model.decoder, whole(3), dynamic_shapes=shapes).module()
    expected = model.decode(model.sample_codes(5), ROW if model.conditions.items else None)
    torch.testing.assert_close(exported(*whole(5)), expected)


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
        assert q.mean.device == q.sample(SeededNoise()).device == there
    assert elsewhere.sample(4).device == elsewhere.sample_codes(4).device == there
    if model.classifies:
        assert elsewhere.class_probabilities(x).device == there
    if model.classes:
        assert elsewhere.join_labels(LABELS, torch.zeros(3, 3, device=there)).device == there


def test_samples_are_the_same_numbers_whatever_the_type_of_the_weights() -> None:
    model = model_of(objective_of("vae"))
    torch.testing.assert_close(copy.deepcopy(model).double().sample_codes(5), model.sample_codes(5))


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
    x, z = images(2).double(), model.sample_codes(2).double()
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


def test_what_a_model_can_is_asked_of_it() -> None:
    gan, vae_gan, semi = (model_of(objective_of(m)) for m in ("gan", "vae_gan", "aae_semi"))
    assert gan.encoder is None and gan.discriminator is not None and gan.classes == 0
    assert isinstance(vae_gan.encoder, Encoder) and not vae_gan.classifies
    assert semi.classes == 10 and semi.classifies and semi.discriminator is None and not semi.needs_labels
    assert model_of(objective_of("aae_labels")).needs_labels == objective_of("aae_labels").code.needs_labels


def test_the_conditions_of_tests_are_those_of_the_laws() -> None:
    assert CONDITIONS[CONDITIONED.names] == CONDITIONED.width
    assert likeness.Autoencoder is Autoencoder
