"""What a layout of codes is: the shape of a whole code, and how it is made of what an encoder gives."""

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
"""Of one whole code: (dimensions,), or (channels, *sides) of a map."""


@settings
class Code(ABC):
    """A layout of codes; a whole code is what a decoder takes."""

    dims_option: ClassVar[str] = "--latent"
    """What sets the dimensions that the prior is of, for messages."""
    needs_labels: ClassVar[bool] = False
    """Whether the class of an input must be known for it to be encoded."""
    classifies: ClassVar[bool] = False
    """Whether the encoder gives a class."""
    own_players: ClassVar[tuple[str, ...]] = ()
    """Names of the networks that the layout has of its own, which methods move with the decoder."""

    @property
    @abstractmethod
    def dims(self) -> int:
        """Dimensions that the prior is of, at each place."""

    @property
    def class_count(self) -> int:
        """Classes that the decoder is given beside a style; 0 is none."""
        return 0

    @abstractmethod
    def shape(self, net: Family, shape: Shape) -> CodeShape:
        """The shape of a whole code of inputs of `shape`."""

    @abstractmethod
    def encoder_output_shape(self, outputs_per_dim: int, net: Family, shape: Shape) -> CodeShape:
        """What an encoder gives for an input, where its posterior takes `heads` numbers a dimension."""

    def networks(self) -> dict[str, nn.Module]:
        """Fresh networks of the layout's own."""
        return {}

    def check(self, labels: Labels, batch: int) -> None:
        """Raises UserError if nothing can be learned from data with these labels, in such batches."""

    def posterior(self, nets: Players, family: PosteriorFamily, x: Images, labels: Labels) -> Posterior:
        """q(z|x) of whole codes. UserError if a label that is needed is not known, or is no class."""

        def of(noise: Noise | None) -> Posterior:
            return self.from_outputs(nets, family, nets["encoder"](family.encoder_input(x, noise)), labels)

        found = of(None)
        return ImplicitPosterior(found.mean, of) if family.is_implicit else found

    def from_outputs(
        self, nets: Players, family: PosteriorFamily, outputs: Float[Tensor, "n o *places"], labels: Labels
    ) -> Posterior:
        """What the encoder's outputs stand for. UserError as above."""
        return family.from_outputs(outputs)

    def sample(
        self, nets: Players, prior: Distribution, n: int, shape: CodeShape, noise: Noise, temperature: float
    ) -> FullCodes:
        """`n` whole codes of the prior, `temperature` times as far from the origin; classes in turn."""
        return temperature * prior.sample_of_shape((n, *shape), noise)

    def class_probabilities(self, nets: Players, family: PosteriorFamily, x: Images) -> Probabilities:
        """q(y|x) without noise (n, classes), of a layout that `classifies`."""
        raise NotImplementedError

    def join_labels(self, nets: Players, labels: Labels, styles: Codes) -> FullCodes:
        """Whole codes of classes and styles; the styles themselves, where the decoder is given no class."""
        return styles

    def transfer_style(
        self, nets: Players, family: PosteriorFamily, x: Images, labels: Labels
    ) -> FullCodes:
        """The code of each image's style in another class, of a layout with a `class_count`."""
        raise NotImplementedError

    def walk(
        self, prior: Distribution, rows: int, columns: int, shape: CodeShape, noise: Noise
    ) -> FullCodes:
        """Whole codes of `shape` for a picture of rows and columns, row by row, on a way through the prior
        where it has one; at random for maps."""
        return prior.sample_of_shape((rows * columns, *shape), noise)

    def style(self, codes: FullCodes) -> Codes:
        """The part of whole codes that the prior is of."""
        return codes

    def flatten(self, codes: FullCodes) -> Float[Tensor, "n d"]:
        """Whole codes as rows."""
        return codes.flatten(1)

    def unflatten(self, rows: Float[Tensor, "n d"], shape: CodeShape) -> FullCodes:
        """Rows as whole codes of `shape`."""
        return rows.reshape(rows.shape[0], *shape)
