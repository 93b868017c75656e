"""Models with conditions: those of samples, and what more images than fit at once keep."""

import pytest
import torch

import likeness
from likeness.batching import MAX_BATCH
from likeness.models.autoencoder import Autoencoder
from support.marked import write_marked
from support.small_runs import trained


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Autoencoder:
    """A VAE/GAN that is conditioned on both attributes."""
    folder = tmp_path_factory.mktemp("attributes")
    write_marked(folder)
    trained(folder / "run", folder / "marked.npz", "vae_gan", condition=["dark", "striped"])
    return likeness.load(folder / "run")


def test_samples_have_attributes_of_training_images_in_turn(model: Autoencoder) -> None:
    rows = model.training_conditions
    assert rows is not None and rows.shape == (160, 2)
    codes = model.sample_codes(5, seed=3)
    assert torch.equal(model.sample(5, seed=3), model.decode(codes, rows[:5]))
    assert not torch.equal(model.decode(codes, rows[:5]), model.decode(codes, 1 - rows[:5]))


def test_more_images_than_fit_at_once_keep_their_attributes(model: Autoencoder) -> None:
    assert MAX_BATCH < 555
    attributes = torch.randint(2, (600, 2), generator=torch.Generator().manual_seed(0)).float()
    z = model.sample_codes(600)
    whole = model.decode(z, attributes)
    assert torch.allclose(whole[555:560], model.decode(z[555:560], attributes[555:560]), atol=1e-5)
    codes = model.encode(whole, attributes).mean
    some = model.encode(whole[555:560], attributes[555:560]).mean
    assert torch.allclose(codes[555:560], some, atol=1e-5)


@pytest.mark.parametrize("seed", [0, 1])
def test_codes_drawn_from_the_posterior_have_their_own_noise(model: Autoencoder, seed: int) -> None:
    """Not that of the prior's codes, which would make them near twins."""
    q = model.encode(torch.zeros(60, 1, 8, 8), torch.zeros(60, 2))
    z = q.sample(seed)
    assert torch.equal(z, q.sample(seed))
    assert not torch.equal(z, q.sample(2))
    noise = torch.stack([(z - q.mean).flatten(), model.sample_codes(60, seed).flatten()])
    assert abs(float(torch.corrcoef(noise)[0, 1])) < 0.3
