"""A trained model: an objective and its networks in evaluation mode, and the data's own units."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from likeness.config import Config
from likeness.data.given import load_images
from likeness.data.scaling import Scaling
from likeness.errors import UserError
from likeness.nets._family import Networks
from likeness.objectives._classifying import Classifying
from likeness.objectives._objective import Coding
from likeness.runs import checkpoints
from likeness.runs.own_prior import with_own_prior
from likeness.runs.run import Run, existing
from likeness.shapes import UNLABELLED, Codes, Images, ImageShape, Labels

CHUNK = 256
"""Images that go through a network at once."""


class Model:
    """Encode, decode, sample and compare; images are tensors (n, c, h, w) in [-1, 1] unless said."""

    def __init__(
        self, config: Config, nets: Networks, shape: ImageShape, scaling: Scaling, step: int
    ) -> None:
        self.config = config
        self.objective = config.objective
        self.nets = nets.eval().requires_grad_(False)
        self.shape = shape
        self.scaling = scaling
        self.step = step
        """How many steps it was trained."""

    def images(self, paths: Sequence[str | Path]) -> Images:
        """Image files as the model sees them. UserError if one has another size or channels."""
        return load_images([Path(p) for p in paths], self.scaling, self.shape, self.config.data)

    def arrays(self, x: Images) -> np.ndarray:
        """Images (n, h, w, c) in the value range and bit depth of the data it was trained on."""
        return self.scaling.from_unit(x)

    @torch.no_grad()
    def encode(self, x: Images, labels: Labels | None = None) -> Codes:
        """The code of each image. UserError if the method has no encoder, needs labels that are not
        given, or images do not fit."""
        self.check(x)
        known = torch.full((len(x),), UNLABELLED) if labels is None else labels
        parts = zip(x.split(CHUNK), known.split(CHUNK))
        return torch.cat([self.objective.encode(self.nets, part, y) for part, y in parts])

    @torch.no_grad()
    def draw(self, x: Images, labels: Labels, seed: int = 1) -> Codes:
        """A code of each image drawn from q(z|x), a function of the seed, of a method with an encoder.

        The seed is another than that of `codes`: with the same noise, codes would be twins of the prior's.
        """
        assert isinstance(self.objective, Coding)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            parts = zip(x.split(CHUNK), labels.split(CHUNK))
            return torch.cat([self.objective.draw(self.nets, part, y) for part, y in parts])

    @torch.no_grad()
    def class_probabilities(self, x: Images) -> Codes:
        """q(y|x) of each image (n, classes). UserError if the method has no classes."""
        self.check(x)
        if not isinstance(self.objective, Classifying):
            raise UserError(f"{self.config.method} has no classes; train one that has, such as aae_semi")
        parts = [self.objective.class_probabilities(self.nets, part) for part in x.split(CHUNK)]
        return torch.cat(parts)

    @torch.no_grad()
    def decode(self, z: Codes) -> Images:
        """The image of each code. UserError if the codes have another number of dimensions."""
        if z.shape[1] != self.objective.code_size:
            raise UserError(
                f"codes have {z.shape[1]} dimensions, this model {self.objective.code_size}; "
                "give codes that it made"
            )
        return torch.cat([self.objective.decode(self.nets, part) for part in z.split(CHUNK)])

    def reconstruct(self, x: Images, labels: Labels | None = None) -> Images:
        """Each image, encoded and decoded."""
        return self.decode(self.encode(x, labels))

    def codes(self, n: int, seed: int = 0) -> Codes:
        """Samples of the prior, a function of the seed."""
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            return self.objective.codes(n, self.nets)

    def sample(self, n: int, seed: int = 0) -> Images:
        """Decoded samples of the prior, a function of the seed."""
        return self.decode(self.codes(n, seed))

    def check(self, x: Images) -> None:
        """Raises UserError if images have another shape than those the model was trained on."""
        if tuple(x.shape[1:]) != tuple(self.shape):
            raise UserError(
                f"images are {tuple(x.shape[1:])}, this model was trained on {tuple(self.shape)} "
                "(channels, height, width); resize them or train at their size"
            )


def load(path: str | Path, average: bool | None = None) -> Model:
    """The model of a run, or of one checkpoint of it: with averaged weights or without, by default with
    them where it keeps them.

    Raises UserError if there is no run or no averaged weights, RunError if no checkpoint is intact.
    """
    path = Path(path)
    if path.parent.name == "checkpoints":
        return _model(existing(path.parent.parent), checkpoints.read(path), average)
    run = existing(path)
    return _model(run, checkpoints.newest(run.checkpoints)[0], average)


def _model(run: Run, checkpoint: checkpoints.Checkpoint, average: bool | None) -> Model:
    config, data = with_own_prior(run, run.config()), run.data()
    shape = ImageShape(*data["shape"])
    with torch.random.fork_rng():  # first weights are drawn, only to be replaced
        nets = Networks(config.objective.players(config.net, shape))
    kept = checkpoints.AVERAGE in checkpoint.files
    if average and not kept:
        raise UserError(
            f"{run.path} keeps no averaged weights; train with --ema 0.999, or leave average out"
        )
    name = checkpoints.AVERAGE if kept and average is not False else checkpoints.WEIGHTS
    checkpoints.load_strictly(nets, checkpoint, name)
    return Model(config, nets, shape, Scaling.from_document(data["scaling"]), checkpoint.step)
