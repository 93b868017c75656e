"""A trained model: an objective and its networks in evaluation mode, and the data's own units."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from likeness.batching import in_batches
from likeness.config import Config
from likeness.data.conditions import UNCONDITIONED, Conditioning, Conditions, Words, one_row, rows_of
from likeness.data.reading.given import images_of
from likeness.data.reading.scaling import Scaling
from likeness.errors import UserError
from likeness.nets import Networks, Players
from likeness.noise import Noise, Seeded
from likeness.shapes import UNLABELLED, Codes, Images, Labels, Shape, WholeCodes


class Model:
    """Encode, decode, sample and compare; images are tensors (n, c, sides) in [-1, 1] unless said."""

    def __init__(
        self,
        config: Config,
        nets: Networks,
        shape: Shape,
        scaling: Scaling,
        step: int,
        conditions: Conditions = UNCONDITIONED,
        training_conditions: Float[Tensor, "s a"] | None = None,
    ) -> None:
        self.config = config
        self.objective = config.objective
        self.nets = nets.eval().requires_grad_(False)
        self.shape = shape
        self.code_shape = config.objective.code_shape(config.net, shape)
        """Of one whole code, as the decoder takes it; codes here are rows of as many numbers."""
        self.scaling = scaling
        self.step = step
        """How many steps it was trained."""
        self.conditions = conditions
        """What it is conditioned on."""
        self.training_conditions = training_conditions
        """Conditions of training images, for samples to be made with, where it has conditions."""

    @property
    def encodes(self) -> bool:
        """Whether there is an encoder."""
        return self.objective.posterior is not None

    @property
    def mean_condition(self) -> Float[Tensor, "1 a"] | None:
        """The mean of the conditions of training images; None where it has none."""
        rows = self.training_conditions
        return rows.mean(0, keepdim=True) if self.conditions.items and rows is not None else None

    @property
    def code_size(self) -> int:
        """Numbers of a whole code."""
        return math.prod(self.code_shape)

    def images(self, given: Any) -> Images:
        """Images as the model sees them: files, PIL images, arrays or tensors in the units of its data, one
        or several. UserError if one has another size or channels."""
        return images_of(given, self.scaling, self.shape, self.config.data)

    def arrays(self, x: Images) -> np.ndarray:
        """Images, channels last, in the value range and bit depth of the data it was trained on."""
        return self.scaling.from_unit(x)

    @torch.no_grad()
    def encode(self, x: Images, labels: Labels | None = None, condition: Conditioning = None) -> Codes:
        """The code of each image. UserError if the method has no encoder, needs labels or a condition
        that is not given, or images do not fit."""
        self.check(x)
        known = torch.full((len(x),), UNLABELLED) if labels is None else labels
        return self._in_batches(self._encode, condition, x, known)

    def _encode(self, nets: Players, x: Images, labels: Labels, noise: Noise | None = None) -> Codes:
        return self.objective.code.flat(self.objective.encode(nets, x, labels, noise))

    @torch.no_grad()
    def draw(self, x: Images, labels: Labels, condition: Conditioning = None, seed: int = 1) -> Codes:
        """A code of each image drawn from q(z|x), a function of the seed, of a method with an encoder."""
        parts = itertools.count()

        def drawn(nets: Players, x: Images, labels: Labels) -> Codes:
            return self._encode(nets, x, labels, Seeded((seed, "posterior", next(parts))))

        return self._in_batches(drawn, condition, x, labels)

    @torch.no_grad()
    def class_probabilities(self, x: Images, condition: Conditioning = None) -> Codes:
        """q(y|x) of each image (n, classes). UserError if the method has no classes, or a condition is
        needed."""
        self.check(x)
        code, posterior = self.objective.code, self.objective.posterior
        if not code.classifies or posterior is None:
            raise UserError(f"{self.config.method} has no classes; train one that has, such as aae_semi")
        return self._in_batches(lambda nets, x: code.class_probabilities(nets, posterior, x), condition, x)

    @torch.no_grad()
    def decode(self, z: Codes, condition: Conditioning = None) -> Images:
        """The image of each code. UserError if the codes have another number of dimensions, or a
        condition is needed."""
        self.check_codes(z)
        return self._in_batches(self._decode, condition, z)

    def decode_with_gradient(self, z: Codes, condition: Conditioning = None) -> Images:
        """The image of each code, all at once and differentiable in the codes."""
        return self._decode(self.nets.of(rows_of(self.conditions, condition, len(z))), z)

    def _decode(self, nets: Players, z: Codes) -> Images:
        return nets["decoder"](self.objective.code.unflat(z, self.code_shape))

    def _in_batches(self, use: Callable[..., Tensor], condition: Conditioning, *inputs: Tensor) -> Tensor:
        """What networks make of many images or codes, with the condition of each beside them."""
        rows = rows_of(self.conditions, condition, len(inputs[0]))
        return in_batches(lambda a, *parts: use(self.nets.of(a), *parts), rows, *inputs)

    def reconstruct(
        self, x: Images, labels: Labels | None = None, condition: Conditioning = None
    ) -> Images:
        """Each image, encoded and decoded."""
        return self.decode(self.encode(x, labels, condition), condition)

    def classes(self) -> list[int]:
        """The classes that styles are apart from. UserError if the method does not tell them apart."""
        self._check_classes()
        return list(range(self.objective.code.class_count))

    @torch.no_grad()
    def restyled(self, x: Images, labels: Labels, condition: Conditioning = None) -> Codes:
        """Codes with the style of each image and another class. UserError if the method does not tell
        one from the other, a label is no class, or a condition is needed."""
        self.check(x)
        self._check_classes()
        code, posterior = self.objective.code, self.objective.posterior
        if not 0 <= int(labels.min()) <= int(labels.max()) < code.class_count:
            raise UserError(f"a label is none of 0 to {code.class_count - 1}; choose one of them")
        assert posterior is not None, "codes of a class and a style come from an encoder"
        nets = self.nets.of(rows_of(self.conditions, condition, len(x)))
        return code.transfer_style(nets, posterior, x, labels)

    def _check_classes(self) -> None:
        if not self.objective.code.class_count:
            raise UserError(
                f"{self.config.method} does not tell class from style; train aae_supervised or aae_semi"
            )

    @torch.no_grad()
    def of_classes(self, labels: Labels, styles: Codes) -> WholeCodes:
        """Whole codes of classes and styles, of a method that tells them apart."""
        return self.objective.code.of_classes(self.nets, labels, styles)

    def codes(self, n: int, seed: int = 0, temperature: float = 1.0) -> Codes:
        """Samples of the prior, a function of the seed; a lower `temperature` is nearer to the origin,
        where images are more typical and less varied."""
        with torch.no_grad():
            z = self.objective.sample(self.nets, n, self.code_shape, Seeded((seed, "prior")), temperature)
        return self.objective.code.flat(z)

    def sample(
        self,
        n: int,
        seed: int = 0,
        temperature: float = 1.0,
        condition: Conditioning = None,
    ) -> Images:
        """Decoded samples of the prior, a function of the seed.

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

    def check(self, x: Images) -> None:
        """Raises UserError if images have another shape than those the model was trained on."""
        if tuple(x.shape[1:]) != tuple(self.shape):
            raise UserError(
                f"images are {tuple(x.shape[1:])}, this model was trained on {tuple(self.shape)} "
                "(channels, then sides); resize them or train at their size"
            )

    def check_codes(self, z: Codes) -> None:
        """Raises UserError if codes have another number of dimensions than the model's."""
        if z.shape[1] != self.code_size:
            raise UserError(
                f"codes have {z.shape[1]} dimensions, this model {self.code_size}; give codes that it made"
            )
