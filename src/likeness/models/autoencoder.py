"""A trained model: an objective and its networks, and the data's own units; a module as any other.

Images and codes may be on any device: they go through the networks in parts, on the device of the weights,
and what is made of them is where they are.
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
    """Encodes, decodes and samples images (n, c, *sides) in [-1, 1]; its weights are frozen, in evaluation
    mode, until `train()` and `requires_grad_()` say otherwise.

    Codes are rows (n, dimensions), those of maps as well.
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
        """The family of its networks."""
        self.nets = nets
        self.shape = shape
        self.code_shape = objective.code_shape(net, shape)
        """Of one whole code, as the decoder takes it."""
        self.scaling = scaling
        self.training_data = training_data
        """The data that it was trained on."""
        self.step = step
        """How many steps it was trained."""
        self.conditions = conditions
        """What it is conditioned on."""
        self.training_conditions = training_conditions
        """Conditions of training images, for samples to be made with, where it has conditions."""
        self.eval().requires_grad_(False)

    @property
    def method(self) -> str:
        """The name of the method that it was trained by."""
        return registry.name_of(type(self.objective))

    @property
    def data(self) -> DataSettings:
        """What was done to the images that it was trained on before it saw them."""
        return self.training_data.settings

    @property
    def prior(self) -> Distribution:
        """The prior of the codes, or of the styles among them."""
        return self.objective.prior

    @property
    def encoder(self) -> Encoder | None:
        """Images to the mean and the log-variance of q(z|x), as tensors; None where there is none."""
        return Encoder(self.objective, self.nets) if self.encodes else None

    @property
    def decoder(self) -> nn.Module:
        """Whole codes of `code_shape` to images, with a condition beside them where there is one."""
        return self.nets["decoder"]

    @property
    def discriminator(self) -> Discriminator | None:
        """The discriminator of images, where there is one, whose features a learned metric compares."""
        return self.objective.discriminator(self.nets)

    @property
    def encodes(self) -> bool:
        """Whether there is an encoder."""
        return self.objective.posterior is not None

    @property
    def classes(self) -> int:
        """How many classes stand beside the styles of its codes, from 0; 0 where there are none."""
        return self.objective.code.class_count

    @property
    def classifies(self) -> bool:
        """Whether its encoder tells the class of an image."""
        return self.objective.code.classifies

    @property
    def needs_labels(self) -> bool:
        """Whether the label of an image must be known for it to be encoded."""
        return self.objective.code.needs_labels

    @property
    def code_size(self) -> int:
        """Numbers of a whole code."""
        return math.prod(self.code_shape)

    @property
    def mean_condition(self) -> Float[Tensor, "1 a"] | None:
        """The mean of the conditions of training images; None where it has none."""
        rows = self.training_conditions
        return rows.mean(0, keepdim=True) if self.conditions.items and rows is not None else None

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return next(self.parameters()).device

    def images(self, given: Any) -> Images:
        """Images as the model sees them: files, PIL images, arrays or tensors in the units of its data, one
        or several. UserError if one has another size or channels."""
        return images_of(given, self.scaling, self.shape, self.data)

    def arrays(self, x: Images) -> np.ndarray:
        """Images, channels last, in the value range and bit depth of the data it was trained on."""
        return self.scaling.from_unit(x)

    def encode(self, x: Images, condition: Conditioning = None, labels: Labels | None = None) -> Posterior:
        """q(z|x) of each image. UserError if the method has no encoder, needs labels or a condition that
        are not there, or images do not fit."""
        self.check(x)
        known = torch.full((x.shape[0],), UNLABELLED) if labels is None else labels
        parts = [
            self.objective.encode(nets, *part)
            for nets, part in self._parts(condition, x, known.to(x.device))
        ]
        return CodeRows(parts, x.device)

    def decode(self, z: Codes, condition: Conditioning = None) -> Images:
        """The image of each code. UserError if codes have another number of dimensions, or a condition is
        needed."""
        self.check_codes(z)
        unflatten, shape = self.objective.code.unflatten, self.code_shape
        made = [nets["decoder"](unflatten(rows, shape)) for nets, (rows,) in self._parts(condition, z)]
        return torch.cat(made).to(z.device)

    def forward(self, x: Images, condition: Conditioning = None, labels: Labels | None = None) -> Images:
        """Each image, encoded and decoded. Raises UserError as `encode` does."""
        return self.decode(self.encode(x, condition, labels).mean, condition)

    def reconstruct(
        self, x: Images, condition: Conditioning = None, labels: Labels | None = None
    ) -> Images:
        """Each image, encoded and decoded: `forward` by its name."""
        return self(x, condition, labels)

    def codes(self, n: int, seed: int = 0, temperature: float = 1.0) -> Codes:
        """Samples of the prior, a function of the seed; a lower `temperature` is nearer to the origin,
        where images are more typical and less varied."""
        noise = NoiseOnDevice(as_noise(seed).of("prior"), self.device)
        with self.device:
            z = self.objective.sample(self.nets, n, self.code_shape, noise, temperature)
        return self.objective.code.flatten(z)

    def sample(
        self, n: int, *, seed: int = 0, temperature: float = 1.0, condition: Conditioning = None
    ) -> Images:
        """Decoded samples of the prior, a function of the seed, where the weights are.

        Conditions are those of training images in turn, but for those that are given by name. Raises
        UserError for one that the model has not, or a value that is none.
        """
        rows = condition if isinstance(condition, Tensor) else self.conditions_in_turn(n, condition or {})
        return self.decode(self.codes(n, seed, temperature), rows)

    def conditions_in_turn(self, n: int, said: Words) -> Float[Tensor, "n a"] | None:
        """`n` conditions of training images in turn, but for those that are given by name; None where the
        model has none. Raises UserError for one that it has not, or a value that is none."""
        rows = self.training_conditions
        if rows is None or not self.conditions.items:
            return one_row(self.conditions, said)
        return self.conditions.with_values(rows[torch.arange(n) % len(rows)], said)

    def class_probabilities(self, x: Images, condition: Conditioning = None) -> Probabilities:
        """q(y|x) of each image (n, classes). UserError if the encoder tells no class, or a condition is
        needed."""
        self.check(x)
        code, family = self.objective.code, self.objective.posterior
        if not code.classifies or family is None:
            raise missing_part_error(self.method, "classifier")
        parts = self._parts(condition, x)
        return torch.cat([code.class_probabilities(nets, family, *part) for nets, part in parts]).to(
            x.device
        )

    def transfer_style(self, x: Images, labels: Labels, condition: Conditioning = None) -> Codes:
        """Codes with the style of each image and the class of each label. UserError if there are no classes
        beside the styles, a label is no class, or a condition is needed."""
        self.check(x)
        self.check_classes()
        code, family = self.objective.code, self.objective.posterior
        if not 0 <= int(labels.min()) <= int(labels.max()) < self.classes:
            raise UserError(f"a label is none of 0 to {self.classes - 1}; choose one of them")
        assert family is not None, "codes of a class and a style come from an encoder"
        parts = self._parts(condition, x, labels.to(x.device))
        codes = [code.flatten(code.transfer_style(nets, family, *part)) for nets, part in parts]
        return torch.cat(codes).to(x.device)

    def join_labels(self, labels: Labels, styles: Codes) -> FullCodes:
        """Whole codes of classes and styles, where there are classes; else the styles."""
        made = self.objective.code.join_labels(self.nets, self._placed(labels), self._placed(styles))
        return made.to(styles.device)

    def check(self, x: Images) -> None:
        """Raises UserError if images have another shape than those the model was trained on."""
        if tuple(x.shape[1:]) != tuple(self.shape):
            raise UserError(
                f"images are {tuple(x.shape[1:])}, this model was trained on {tuple(self.shape)} "
                "(channels, then sides); resize them or train at their size"
            )

    def check_codes(self, z: Codes) -> None:
        """Raises UserError if codes are no rows of as many numbers as the model's."""
        if tuple(z.shape[1:]) != (self.code_size,):
            numbers = " x ".join(map(str, z.shape[1:]))
            raise UserError(
                f"codes have {numbers} dimensions, this model {self.code_size}; give codes that it made"
            )

    def check_classes(self) -> None:
        """Raises UserError if there are no classes beside the styles of its codes."""
        if not self.classes:
            raise missing_part_error(self.method, "classes")

    def _parts(self, condition: Conditioning, *inputs: Tensor) -> Iterator[tuple[Any, tuple[Tensor, ...]]]:
        """Networks with the condition of some inputs, and those inputs, some at a time, where the weights
        are; all at once where they are traced. Raises UserError for a condition that does not fit."""
        count = inputs[0].shape[0]
        rows = rows_of(self.conditions, condition, count)
        size = count if torch.compiler.is_compiling() else MAX_BATCH
        for row, *part in parts_of(rows, *inputs, size=size):
            yield (
                self.nets.of(None if row is None else self._placed(row)),
                tuple(self._placed(some) for some in part if some is not None),
            )

    def _placed(self, x: Tensor) -> Tensor:
        """Numbers on the device and, if they are real, of the type of the weights."""
        weight = next(self.parameters())
        return x.to(weight.device, weight.dtype if x.is_floating_point() else x.dtype)
