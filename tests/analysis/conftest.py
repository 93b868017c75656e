"""Runs that analyses are made of."""

import pytest

from support.small_runs import Known, Models

WIDE = {"name": "mlp", "hidden": 8, "std": 0.3}
"""Networks whose first weights are large enough for codes and images to differ after a few steps."""


@pytest.fixture(scope="session")
def known(models: Models) -> Known:
    """A VAE/GAN of forty labelled images, with two checkpoints and averaged weights."""
    more = {"checkpoint_every": 2, "ema": 0.5, "lr": 0.01}
    return models(method="vae_gan", images=40, label_count=4, net=WIDE, **more)


@pytest.fixture(scope="session")
def gan(models: Models) -> Known:
    """A run without an encoder."""
    return models(method="gan")


@pytest.fixture(scope="session")
def styled(models: Models) -> Known:
    """A run that tells class from style."""
    return models(method="aae_semi", images=40, label_count=4, classes=4, net=WIDE)


@pytest.fixture(scope="session")
def flat(models: Models) -> Known:
    """An autoencoder with codes in the plane."""
    return models(method="ae", images=40, label_count=4, latent=2, net=WIDE)
