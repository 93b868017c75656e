"""pythae (github.com/clementchadebec/benchmark_VAE): its VAEGAN and Adversarial_AE, its own trainers.

The networks are ours, wrapped in its base classes; its discriminators say probabilities, so a sigmoid
stands at their end. Nothing of pythae is changed: its version 0.1.2 runs with torch 2.13 as it is.
`margin` lets every network learn at every step, as in the other contenders.
"""

import tempfile
from typing import Any

import torch
from pythae.data.datasets import BaseDataset
from pythae.models import VAEGAN, Adversarial_AE, Adversarial_AE_Config, VAEGANConfig
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseDiscriminator, BaseEncoder
from pythae.trainers import (
    AdversarialTrainer,
    AdversarialTrainerConfig,
    CoupledOptimizerAdversarialTrainer,
    CoupledOptimizerAdversarialTrainerConfig,
)
from pythae.trainers.training_callbacks import TrainingCallback
from torch import Tensor, nn

from benchmarks.contenders.games import configured, plain_networks, shape_of, unit_images
from benchmarks.pace import Pace


class Encoder(BaseEncoder):
    """Heads for the mean and, where there are two, the log-variance."""

    def __init__(self, net: nn.Module, latent: int) -> None:
        super().__init__()
        self.net, self.latent = net, latent

    def forward(self, x: Tensor) -> ModelOutput:
        """Images to codes."""
        heads = self.net(x)
        spread = heads[:, self.latent :] if heads.shape[1] > self.latent else torch.zeros_like(heads)
        return ModelOutput(embedding=heads[:, : self.latent], log_covariance=spread)


class Decoder(BaseDecoder):
    """Codes to images."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, z: Tensor) -> ModelOutput:
        """Codes to images."""
        return ModelOutput(reconstruction=self.net(z))


class Discriminator(BaseDiscriminator):
    """Named layers up to the deepest one that is asked for, as pythae's own do."""

    def __init__(self, layers: list[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.depth = len(layers)

    def forward(self, x: Tensor, output_layer_levels: list[int] | None = None) -> ModelOutput:
        """Probabilities of being real, or the outputs of some layers."""
        output = ModelOutput()
        for k, layer in enumerate(self.layers[: max(output_layer_levels or [self.depth])], 1):
            x = layer(x)
            if output_layer_levels and k in output_layer_levels:
                output[f"embedding_layer_{k}"] = x
        if not output_layer_levels:
            output["embedding"] = torch.sigmoid(x)
        return output


class Ticking(TrainingCallback):
    """Calls `tick` after each batch."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    def on_train_step_end(self, training_config: Any, **kwargs: Any) -> None:
        """One batch is done."""
        self.pace.tick()


def vae_gan(pace: Pace, o: dict[str, Any]) -> None:
    """Its VAEGAN with CoupledOptimizerAdversarialTrainer."""
    nets, c, shape = plain_networks(o), configured(o), shape_of(o)
    layers = dict(nets["discriminator"].layers.items())
    depth = list(layers).index("conv3") + 1
    about = VAEGANConfig(
        input_dim=tuple(shape), latent_dim=c.objective.code.latent, reconstruction_layer=depth, margin=1e6
    )
    model = VAEGAN(
        about, Encoder(nets["encoder"], c.objective.code.latent), Decoder(nets["decoder"]),
        Discriminator(list(layers.values())),
    )  # fmt: skip
    _train(pace, o, model, CoupledOptimizerAdversarialTrainer, CoupledOptimizerAdversarialTrainerConfig)


def aae(pace: Pace, o: dict[str, Any]) -> None:
    """Its Adversarial_AE with AdversarialTrainer."""
    nets, c, shape = plain_networks(o), configured(o), shape_of(o)
    about = Adversarial_AE_Config(
        input_dim=tuple(shape), latent_dim=c.objective.code.latent, deterministic_posterior=True
    )
    model = Adversarial_AE(
        about, Encoder(nets["encoder"], c.objective.code.latent), Decoder(nets["decoder"]),
        Discriminator([nets["critic"]]),
    )  # fmt: skip
    _train(pace, o, model, AdversarialTrainer, AdversarialTrainerConfig)


def _train(pace: Pace, o: dict[str, Any], model: Any, trainer: type, config: type) -> None:
    x = unit_images(o)
    data = BaseDataset(x, torch.zeros(len(x)))
    with tempfile.TemporaryDirectory() as folder:
        said = config(output_dir=folder, per_device_train_batch_size=configured(o).training.batch,
                      num_epochs=1_000_000)  # fmt: skip
        trainer(model, data, training_config=said, callbacks=[Ticking(pace)]).train()


def encode(pace: Pace, o: dict[str, Any]) -> None:
    """Its encoder, in evaluation mode, on a batch."""
    net = Encoder(plain_networks(o)["encoder"], configured(o).objective.code.latent).eval()
    x = unit_images(o)
    with torch.no_grad():
        pace.run(lambda: net(x))
