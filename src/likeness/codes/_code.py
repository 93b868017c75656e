"""The base class of layouts of codes."""

from abc import ABC, abstractmethod
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from likeness.nets import Family, Players
from likeness.noise import Noise
from likeness.posteriors import ImplicitPosterior, Posterior, PosteriorFamily
from likeness.priors import Distribution
from likeness.settings import settings
from likeness.shapes import Codes, FullCodes, Images, Labels, Probabilities, Shape

CodeShape = tuple[int, ...]
"""Shape of one full code: (dimensions,), or (channels, *sides) for a map."""


@settings
class Code(ABC):
    """A layout of codes: how a decoder's input, a full code, is made of an encoder's outputs."""

    dims_option: ClassVar[str] = "--latent"
    """The flag that sets `dims`, for messages."""
    needs_labels: ClassVar[bool] = False
    """Whether encoding needs the label of each input."""
    classifies: ClassVar[bool] = False
    """Whether the encoder predicts classes."""
    own_players: ClassVar[tuple[str, ...]] = ()
    """Names of the layout's own networks, which are trained with the decoder."""

    @property
    @abstractmethod
    def dims(self) -> int:
        """Number of dimensions that the prior describes, at each place of a map."""

    @property
    def class_count(self) -> int:
        """Number of classes of which the decoder gets one beside a style; 0 if there are none."""
        return 0

    @abstractmethod
    def shape(self, net: Family, shape: Shape) -> CodeShape:
        """Shape of one full code for inputs of `shape`."""

    @abstractmethod
    def encoder_output_shape(self, outputs_per_dim: int, net: Family, shape: Shape) -> CodeShape:
        """Shape of an encoder's output for one input, where its posterior has `outputs_per_dim` outputs per
        dimension."""

    def networks(self) -> dict[str, nn.Module]:
        """New networks of the layout, named in `own_players`."""
        return {}

    def check(self, labels: Labels, batch: int) -> None:
        """Raises UserError if the layout cannot be learned from data with `labels` in batches of size
        `batch`."""

    def posterior(self, nets: Players, family: PosteriorFamily, x: Images, labels: Labels) -> Posterior:
        """q(z|x) of full codes for images (n, c, *sides). Raises UserError if a label that is needed is
        unknown or not a class."""

        def encode(noise: Noise | None) -> Posterior:
            return self.from_outputs(nets, family, nets["encoder"](family.encoder_input(x, noise)), labels)

        posterior = encode(None)
        return ImplicitPosterior(posterior.mean, encode) if family.is_implicit else posterior

    def from_outputs(
        self, nets: Players, family: PosteriorFamily, outputs: Float[Tensor, "n o *places"], labels: Labels
    ) -> Posterior:
        """q(z|x) of full codes from an encoder's outputs. Raises UserError as `posterior` does."""
        return family.from_outputs(outputs)

    def sample(
        self, nets: Players, prior: Distribution, n: int, shape: CodeShape, noise: Noise, temperature: float
    ) -> FullCodes:
        """`n` full codes from the prior, with styles multiplied by `temperature` and classes in turn."""
        return temperature * prior.sample_of_shape((n, *shape), noise)

    def class_probabilities(self, nets: Players, family: PosteriorFamily, x: Images) -> Probabilities:
        """q(y|x) (n, classes) without noise, for a layout that `classifies`."""
        raise NotImplementedError

    def join_labels(self, nets: Players, labels: Labels, styles: Codes) -> FullCodes:
        """Full codes from labels and styles; the styles themselves for layouts without classes."""
        return styles

    def transfer_style(
        self, nets: Players, family: PosteriorFamily, x: Images, labels: Labels
    ) -> FullCodes:
        """Full codes with the style of each image and the class of each label, for layouts with classes."""
        raise NotImplementedError

    def walk(
        self, prior: Distribution, rows: int, columns: int, shape: CodeShape, noise: Noise
    ) -> FullCodes:
        """Full codes of `shape` for a picture of rows and columns, row by row: on the path through the
        prior if it has one, else at random."""
        return prior.sample_of_shape((rows * columns, *shape), noise)

    def style(self, codes: FullCodes) -> Codes:
        """The part of full codes that the prior describes."""
        return codes

    def flatten(self, codes: FullCodes) -> Float[Tensor, "n d"]:
        """Full codes as rows."""
        return codes.flatten(1)

    def unflatten(self, rows: Float[Tensor, "n d"], shape: CodeShape) -> FullCodes:
        """Rows as full codes of `shape`."""
        return rows.reshape(rows.shape[0], *shape)
