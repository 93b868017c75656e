"""A trained model: an objective, its networks, and the units of its data, as a PyTorch module.

Images and codes may be on any device: they go through the networks in parts, on the device of the weights,
and results are on their device.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from likeness import registry
from likeness.batching import MAX_BATCH, parts_of
from likeness.data.conditions import UNCONDITIONED, Conditioning, Conditions, Words, one_row, rows_of
from likeness.data.reading.given import images_of
from likeness.data.reading.scaling import Scaling
from likeness.data.settings import DataSettings
from likeness.data.training_data import TrainingData
from likeness.errors import UserError
from likeness.models.code_rows import CodeRows
from likeness.models.encoder import Encoder
from likeness.nets import Discriminator, Family, Networks
from likeness.noise import NoiseOnDevice, as_noise
from likeness.objectives import Objective, missing_part_error
from likeness.posteriors import Posterior
from likeness.priors import Distribution
from likeness.shapes import UNLABELLED, Codes, FullCodes, Images, Labels, Probabilities, Shape


class Autoencoder(nn.Module):
    """A trained autoencoder of images (n, c, *sides) in [-1, 1]. Its weights are frozen, in evaluation
    mode, until `train()` and `requires_grad_()` are called.

    Codes are rows (n, code_size), also if they are maps.
    """

    def __init__(
        self,
        objective: Objective,
        net: Family,
        nets: Networks,
        shape: Shape,
        scaling: Scaling,
        training_data: TrainingData,
        step: int = 0,
        conditions: Conditions = UNCONDITIONED,
        training_conditions: Float[Tensor, "s a"] | None = None,
    ) -> None:
        super().__init__()
        self.objective = objective
        self.net = net
        """Family of the networks."""
        self.nets = nets
        self.shape = shape
        self.code_shape = objective.code_shape(net, shape)
        """Shape of one full code, the input of the decoder."""
        self.scaling = scaling
        self.training_data = training_data
        """The data on which it was trained."""
        self.step = step
        """Number of training steps."""
        self.conditions = conditions
        """Conditions of the model."""
        self.training_conditions = training_conditions
        """Conditions of training images, with which samples are decoded, if the model has conditions."""
        self.eval().requires_grad_(False)

    @property
    def method(self) -> str:
        """Name of the method by which it was trained."""
        return registry.name_of(type(self.objective))

    @property
    def data(self) -> DataSettings:
        """Settings of the data on which it was trained."""
        return self.training_data.settings

    @property
    def prior(self) -> Distribution:
        """Prior of the codes, or of their styles."""
        return self.objective.prior

    @property
    def encoder(self) -> Encoder | None:
        """A module from images to the mean and log-variance of q(z|x); None if there is no encoder."""
        return Encoder(self.objective, self.nets) if self.encodes else None

    @property
    def decoder(self) -> nn.Module:
        """The network from full codes of `code_shape`, and conditions if there are any, to images."""
        return self.nets["decoder"]

    @property
    def discriminator(self) -> Discriminator | None:
        """The discriminator of images, whose features give a perceptual metric; None if there is none."""
        return self.objective.discriminator(self.nets)

    @property
    def encodes(self) -> bool:
        """Whether there is an encoder."""
        return self.objective.posterior is not None

    @property
    def classes(self) -> int:
        """Number of classes beside the styles of codes; 0 if there are none."""
        return self.objective.code.class_count

    @property
    def classifies(self) -> bool:
        """Whether the encoder predicts the class of an image."""
        return self.objective.code.classifies

    @property
    def needs_labels(self) -> bool:
        """Whether encoding needs the label of each image."""
        return self.objective.code.needs_labels

    @property
    def code_size(self) -> int:
        """Number of values of a full code."""
        return math.prod(self.code_shape)

    @property
    def mean_condition(self) -> Float[Tensor, "1 a"] | None:
        """Mean condition of training images; None if there are no conditions."""
        rows = self.training_conditions
        return rows.mean(0, keepdim=True) if self.conditions.items and rows is not None else None

    @property
    def device(self) -> torch.device:
        """Device of the weights."""
        return next(self.parameters()).device

    def images(self, inputs: Any) -> Images:
        """Images (n, c, *sides) in [-1, 1] from files, PIL images, arrays or tensors in the units of the
        data, one or several. Raises UserError for another size or number of channels."""
        return images_of(inputs, self.scaling, self.shape, self.data)

    def arrays(self, x: Images) -> np.ndarray:
        """Arrays (n, *sides, c) of images, in the value range and bit depth of the training data."""
        return self.scaling.from_unit(x)

    def encode(self, x: Images, condition: Conditioning = None, labels: Labels | None = None) -> Posterior:
        """q(z|x) for each image. Raises UserError if there is no encoder, a label or condition is missing,
        or the images have another shape."""
        self.check_images(x)
        labels = torch.full((x.shape[0],), UNLABELLED) if labels is None else labels
        parts = [
            self.objective.encode(nets, *part)
            for nets, part in self._parts(condition, x, labels.to(x.device))
        ]
        return CodeRows(parts, x.device)

    def decode(self, z: Codes, condition: Conditioning = None) -> Images:
        """The image of each code. Raises UserError if codes have another number of dimensions, or a
        condition is missing."""
        self.check_codes(z)
        unflatten, shape = self.objective.code.unflatten, self.code_shape
        images = [nets["decoder"](unflatten(rows, shape)) for nets, (rows,) in self._parts(condition, z)]
        return torch.cat(images).to(z.device)

    def forward(self, x: Images, condition: Conditioning = None, labels: Labels | None = None) -> Images:
        """Reconstructions: images encoded and decoded. Raises UserError as `encode` does."""
        return self.decode(self.encode(x, condition, labels).mean, condition)

    def reconstruct(
        self, x: Images, condition: Conditioning = None, labels: Labels | None = None
    ) -> Images:
        """Reconstructions: images encoded and decoded. Raises UserError as `encode` does."""
        return self(x, condition, labels)

    def sample_codes(self, n: int, seed: int = 0, temperature: float = 1.0) -> Codes:
        """`n` samples of the prior (n, code_size) as a function of the seed. They are multiplied by
        `temperature`; a lower one gives more typical and less varied images."""
        noise = NoiseOnDevice(as_noise(seed).of("prior"), self.device)
        with self.device:
            z = self.objective.sample(self.nets, n, self.code_shape, noise, temperature)
        return self.objective.code.flatten(z)

    def sample(
        self, n: int, *, seed: int = 0, temperature: float = 1.0, condition: Conditioning = None
    ) -> Images:
        """`n` decoded samples of the prior as a function of the seed, on the device of the weights.

        Conditions that are not given come from training images in turn. Raises UserError for an unknown
        condition or an invalid value.
        """
        rows = condition if isinstance(condition, Tensor) else self.conditions_in_turn(n, condition or {})
        return self.decode(self.sample_codes(n, seed, temperature), rows)

    def conditions_in_turn(self, n: int, values: Words) -> Float[Tensor, "n a"] | None:
        """`n` conditions of training images in turn, with some replaced by `values`; None if the model has
        no conditions. Raises UserError for an unknown condition or an invalid value."""
        rows = self.training_conditions
        if rows is None or not self.conditions.items:
            return one_row(self.conditions, values)
        return self.conditions.with_values(rows[torch.arange(n) % len(rows)], values)

    def class_probabilities(self, x: Images, condition: Conditioning = None) -> Probabilities:
        """q(y|x) for each image (n, classes). Raises UserError if the encoder predicts no classes, or a
        condition is missing."""
        self.check_images(x)
        code, family = self.objective.code, self.objective.posterior
        if not code.classifies or family is None:
            raise missing_part_error(self.method, "classifier")
        parts = self._parts(condition, x)
        return torch.cat([code.class_probabilities(nets, family, *part) for nets, part in parts]).to(
            x.device
        )

    def transfer_style(self, x: Images, labels: Labels, condition: Conditioning = None) -> Codes:
        """Codes with the style of each image and the class of each label. Raises UserError if codes have no
        classes, a label is not a class, or a condition is missing."""
        self.check_images(x)
        self.check_classes()
        code, family = self.objective.code, self.objective.posterior
        if not 0 <= int(labels.min()) <= int(labels.max()) < self.classes:
            raise UserError(f"a label is not in 0 to {self.classes - 1}; choose one of them")
        assert family is not None, "codes of a class and a style come from an encoder"
        parts = self._parts(condition, x, labels.to(x.device))
        codes = [code.flatten(code.transfer_style(nets, family, *part)) for nets, part in parts]
        return torch.cat(codes).to(x.device)

    def join_labels(self, labels: Labels, styles: Codes) -> FullCodes:
        """Full codes from labels and styles; the styles themselves if codes have no classes."""
        codes = self.objective.code.join_labels(
            self.nets, self._to_weights(labels), self._to_weights(styles)
        )
        return codes.to(styles.device)

    def check_images(self, x: Images) -> None:
        """Raises UserError if images have another shape than the training images."""
        if tuple(x.shape[1:]) != tuple(self.shape):
            raise UserError(
                f"images are {tuple(x.shape[1:])}, this model was trained on {tuple(self.shape)} "
                "(channels, then sides); resize them or train at their size"
            )

    def check_codes(self, z: Codes) -> None:
        """Raises UserError if codes are not rows of `code_size` numbers."""
        if tuple(z.shape[1:]) != (self.code_size,):
            numbers = " x ".join(map(str, z.shape[1:]))
            raise UserError(
                f"codes have {numbers} dimensions, this model {self.code_size}; give codes of this model"
            )

    def check_classes(self) -> None:
        """Raises UserError if codes have no classes."""
        if not self.classes:
            raise missing_part_error(self.method, "classes")

    def _parts(self, condition: Conditioning, *inputs: Tensor) -> Iterator[tuple[Any, tuple[Tensor, ...]]]:
        """Parts of the inputs on the device of the weights, each with networks bound to its conditions; one
        part while the model is traced. Raises UserError for conditions of another number or size."""
        count = inputs[0].shape[0]
        rows = rows_of(self.conditions, condition, count)
        size = count if torch.compiler.is_compiling() else MAX_BATCH
        for row, *part in parts_of(rows, *inputs, size=size):
            yield (
                self.nets.of(None if row is None else self._to_weights(row)),
                tuple(self._to_weights(x) for x in part if x is not None),
            )

    def _to_weights(self, x: Tensor) -> Tensor:
        """`x` on the device of the weights and, if it is real, in their type."""
        weight = next(self.parameters())
        return x.to(weight.device, weight.dtype if x.is_floating_point() else x.dtype)
