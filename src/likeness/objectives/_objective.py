"""What an objective is: players, moves, and a generator that yields phases, each of a loss for every move.

To add one: a file beside this, with one subclass; its name is the file's, on the command line too.
"""

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
    """A layout out of a document, for methods that do not say which they admit."""
    return code if isinstance(code, Code) else TypeAdapter(FlatOrSpatial).validate_python(code)


@settings
class Objective(Entry, ABC):
    """A game: its hyper-parameters, its players, its moves and its step."""

    code: Annotated[SerializeAsAny[Code], BeforeValidator(_flat_or_spatial)] = Flat()
    """Layout of the codes."""
    prior: Prior = Normal()
    """Prior of the codes."""
    condition: Names = ()
    """Columns of the data, or `label`, beside the inputs of every layer of encoder, decoder, discriminator:
    `Male,age`. 0 and 1 are binary, words are classes, other numbers are standardised."""

    posterior: ClassVar[PosteriorFamily | None] = None
    """How the encoder's outputs become codes; None where there is no encoder."""
    supervised: ClassVar[bool] = False
    """Whether the classes of the codes are learned from labels; else they are clusters."""
    pretrained_players: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Players that come, trained, from another run, each with a method that trains one."""

    @property
    @abstractmethod
    def moves(self) -> Moves:
        """The players that each move changes; a player that no move names is frozen."""

    @abstractmethod
    def players(self, net: Family, shape: Shape) -> dict[str, nn.Module]:
        """Fresh networks for images of `shape`."""

    @abstractmethod
    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        """Losses of step `t`, phase by phase, of players with the batch's own condition."""

    def paused(self, costs: Mapping[str, float]) -> set[str]:
        """The moves of a phase that are not made, given the costs that it yields beside its losses, each a
        mean over the whole batch."""
        return set()

    @property
    def penalises_gradients(self) -> bool:
        """Whether a loss has a gradient in it, as R1 has, so that passes are differentiated twice: where a
        value that the objective is made of says so."""
        values = (getattr(self, field.name) for field in fields(self))
        return any(getattr(value, "penalises_gradients", False) for value in values)

    def running_values(self, net: Family, shape: Shape) -> dict[str, Tensor]:
        """First values, by name, of statistics that the networks carry with them, as `nets.running_values`:
        means over past batches of what phases yield."""
        return {}

    def networks(self, net: Family, shape: Shape, width: int = 0) -> Networks:
        """The players, with a condition of `width` numbers beside their inputs."""
        players = self.players(net, shape)
        with_condition = [name for name in players if name in PLAYERS and width]
        players |= {name: add_condition(players[name], width) for name in with_condition}
        return Networks(players, self.running_values(net, shape))

    def check(self, labels: Labels, batch: int) -> None:
        """Raises UserError if it cannot learn from training images with these labels, in such batches."""
        self.prior.check(self.code.dims, self.code.dims_option)
        self.code.check(labels, batch)

    def code_shape(self, net: Family, shape: Shape) -> CodeShape:
        """The shape of a whole code, which is what is decoded, of images of `shape`."""
        return self.code.shape(net, shape)

    def similarity_layers(self, Dis: Any) -> dict[str, float]:
        """Layers of the discriminator, with weights, that likeness is measured in; none of most games."""
        return {}

    def discriminator(self, nets: Networks) -> Discriminator | None:
        """The player that judges images, in whose features likeness is measured; None if there is none."""
        return next((net for name, net in nets.items() if isinstance(net, Discriminator)), None)

    def encode(self, nets: Players, x: Images, labels: Labels) -> Posterior:
        """q(z|x) of whole codes, by the encoder and the networks of the layout's own.

        Raises UserError for a method that has no encoder, or one that needs labels which are not known.
        """
        if self.posterior is None:
            raise missing_part_error(self.name, "encoder")
        return self.code.posterior(nets, self.posterior, x, labels)

    def sample(
        self, nets: Players, n: int, shape: CodeShape, noise: Noise, temperature: float = 1.0
    ) -> FullCodes:
        """`n` whole codes of `shape` as the prior has them, `temperature` times as far from the origin."""
        return self.code.sample(nets, self.prior, n, shape, noise, temperature)
