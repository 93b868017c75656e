"""The base class of objectives: players, moves, and a generator that yields losses phase by phase."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, SerializeAsAny, TypeAdapter
from torch import Tensor, nn

from likeness.batch import Batch
from likeness.codes import Code, CodeShape, Flat, FlatOrSpatial
from likeness.nets import PLAYERS, Discriminator, Family, Networks, Players, add_condition
from likeness.noise import Noise
from likeness.objectives._missing_parts import missing_part_error
from likeness.objectives._phase import Moves, Step
from likeness.posteriors import Posterior, PosteriorFamily
from likeness.priors import Normal, Prior
from likeness.registry import Entry
from likeness.settings import Names, settings
from likeness.shapes import FullCodes, Images, Labels, Shape


def _flat_or_spatial(code: Any) -> Any:
    """A layout from a configuration, for methods whose field `code` has the base type."""
    return code if isinstance(code, Code) else TypeAdapter(FlatOrSpatial).validate_python(code)


@settings
class Objective(Entry, ABC):
    """A method, as a game: its hyper-parameters, players (networks), moves (named updates) and step."""

    code: Annotated[SerializeAsAny[Code], BeforeValidator(_flat_or_spatial)] = Flat()
    """Layout of the codes."""
    prior: Prior = Normal()
    """Prior of the codes."""
    condition: Names = ()
    """Condition of encoder, decoder and discriminator: columns of the data, or `label`, such as `Male,age`.
    Columns of 0 and 1 are binary, words are classes, other numbers are standardised."""

    posterior: ClassVar[PosteriorFamily | None] = None
    """Family of the posterior q(z|x) of the encoder; None for methods without an encoder."""
    supervised: ClassVar[bool] = False
    """Whether the classes of the codes are learned from labels; otherwise they are clusters."""
    pretrained_players: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Players that come trained from another run, each with a method that trains one."""

    @property
    @abstractmethod
    def moves(self) -> Moves:
        """The players that each move changes. A player of no move is frozen."""

    @abstractmethod
    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        """New networks for images of `shape`, by name."""

    @abstractmethod
    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        """Yield the losses of step `t` phase by phase, and return the numbers to report."""

    def paused_moves(self, costs: Mapping[str, float]) -> set[str]:
        """The moves of a phase to omit, given the phase's `costs` as means over the whole batch."""
        return set()

    @property
    def penalises_gradients(self) -> bool:
        """Whether a loss contains a gradient, as R1 does, so that passes are differentiated twice: true if
        a setting of the objective has a true `penalises_gradients`."""
        values = (getattr(self, field.name) for field in fields(self))
        return any(getattr(value, "penalises_gradients", False) for value in values)

    def running_values(self, net: Family, shape: Shape) -> dict[str, Tensor]:
        """Initial values, by name, of means over past batches that the networks keep as
        `nets.running_values`; phases yield their means over each batch as `running`."""
        return {}

    def networks(self, net: Family, shape: Shape, width: int = 0) -> Networks:
        """The players and running values, for conditions of `width` numbers."""
        players = self.players(net, shape)
        conditioned = [name for name in players if name in PLAYERS and width]
        players |= {name: add_condition(players[name], width) for name in conditioned}
        return Networks(players, self.running_values(net, shape))

    def check(self, labels: Labels, batch: int) -> None:
        """Raises UserError if the objective cannot learn from training images with `labels` in batches of
        size `batch`."""
        self.prior.check(self.code.dims, self.code.dims_option)
        self.code.check(labels, batch)

    def code_shape(self, net: Family, shape: Shape) -> CodeShape:
        """Shape of a full code, the input of the decoder, for images of `shape`."""
        return self.code.shape(net, shape)

    def metric_layers(self, Dis: Any) -> dict[str, float]:
        """Layers of the discriminator for a perceptual metric, with weights; empty for most objectives."""
        return {}

    def discriminator(self, nets: Networks) -> Discriminator | None:
        """The discriminator of images, whose features give a perceptual metric; None if there is none."""
        return next((net for name, net in nets.items() if isinstance(net, Discriminator)), None)

    def encode(self, nets: Players, x: Images, labels: Labels) -> Posterior:
        """q(z|x) of full codes for images (n, c, *sides).

        Raises UserError if the method has no encoder, or needs labels and some are unknown.
        """
        if self.posterior is None:
            raise missing_part_error(self.name, "encoder")
        return self.code.posterior(nets, self.posterior, x, labels)

    def sample(
        self, nets: Players, n: int, shape: CodeShape, noise: Noise, temperature: float = 1.0
    ) -> FullCodes:
        """`n` full codes of `shape` from the prior, multiplied by `temperature`."""
        return self.code.sample(nets, self.prior, n, shape, noise, temperature)
