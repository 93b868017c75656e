"""What an objective is: players, moves, and a generator that yields phases, each of a loss for every move.

To add one: a file beside this, with one subclass; its name is the file's, on the command line too.
"""

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from likeness.batch import Batch
from likeness.errors import UserError
from likeness.nets import PLAYERS, Family, Networks, Players, add_condition
from likeness.posteriors import Deterministic, Posterior
from likeness.priors import Normal, Prior
from likeness.registry import Entry
from likeness.settings import Count, Names, settings
from likeness.shapes import Codes, Images, ImageShape, Labels, Scalar

Losses = dict[str, Scalar]
"""Scalars by name."""


@dataclass(frozen=True)
class Phase:
    """Moves that are made at once: all their gradients are taken before any network changes."""

    losses: Losses
    """One loss for each move."""
    costs: Losses = field(default_factory=dict)
    """What `Objective.paused` decides by."""


Step = Generator[Phase, None, Losses]
"""Each yield is one simultaneous update; what is returned is reported, never descended."""
Moves = Mapping[str, tuple[str, ...]]
"""The players that each move, and it alone, may change."""


@settings
class Objective(Entry, ABC):
    """A game: its hyper-parameters, its players, its moves and its step."""

    latent: Count = 64
    """Dimensions of the codes."""
    prior: Prior = Normal()
    """Prior of the codes."""
    given: Names = ()
    """Attributes of the images, by name, that encoder, decoder and discriminator are told, each in every
    layer, as in the paper's section 4.2: `Male,Smiling`."""

    borrows: ClassVar[tuple[str, ...]] = ()
    """Players that come, trained, from another run."""

    @property
    @abstractmethod
    def moves(self) -> Moves:
        """The players that each move changes; a player that no move names is frozen."""

    @abstractmethod
    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        """Fresh networks for images of `shape`."""

    def networks(self, net: Family, shape: ImageShape) -> Networks:
        """The players, with attributes beside their inputs where some are given."""
        players, count = self.players(net, shape), len(self.given)
        with_condition = [name for name in players if name in PLAYERS and count]
        return Networks(players | {name: add_condition(players[name], count) for name in with_condition})

    @abstractmethod
    def step(self, nets: Players, batch: Batch, t: int) -> Step:
        nets = nets.of(batch.attributes)
        """Losses of step `t`, phase by phase; of batches with a condition, `nets.of(batch.attributes)`."""

    def paused(self, costs: Mapping[str, float]) -> set[str]:
        """The moves of a phase that are not made, given the costs that it yields beside its losses, each a
        mean over the whole batch."""
        return set()

    @property
    def code_size(self) -> int:
        """Dimensions of a whole code: what is decoded."""
        return self.latent

    def codes(self, n: int, nets: Players, temperature: float = 1.0) -> Codes:
        """`n` whole codes as the prior has them, `temperature` times as far from the origin, on the CPU."""
        return temperature * self.prior.sample(n, self.latent)

    def check(self, labels: Labels, batch: int) -> None:
        """Raises UserError if it cannot learn from training images with these labels, in such batches."""
        self.prior.check(self.latent)

    def decode(self, nets: Players, z: Codes) -> Images:
        """Images of whole codes."""
        return nets["decoder"](z)

    def styles(self, codes: Codes) -> Float[Tensor, "n s"]:
        """The part of whole codes that the prior is about."""
        return codes

    def encode(self, nets: Players, x: Images, labels: Labels) -> Codes:
        """The whole code of each image. Raises UserError for a method that has no encoder."""
        name = type(self).__name__
        raise UserError(f"{name} has no encoder; train a method that has one, such as vae_gan")


@settings
class Coding(Objective):
    """An objective with an encoder and a decoder."""

    posterior: ClassVar[Posterior] = Deterministic()
    """How the encoder's outputs become codes."""

    def players(self, net: Family, shape: ImageShape) -> dict[str, nn.Module]:
        return {
            "encoder": net.encoder(self.posterior.sees(shape), self.posterior.heads * self.latent),
            "decoder": net.decoder(self.latent, shape),
        }

    def encode(self, nets: Players, x: Images, labels: Labels) -> Codes:
        """The code of each image: the mean of q(z|x)."""
        return self.posterior.read(nets["encoder"](self.posterior.given(x, 0.0))).mean

    def draw(self, nets: Players, x: Images, labels: Labels) -> Codes:
        """A whole code of each image, drawn from q(z|x)."""
        return self.posterior(nets["encoder"], x).sample()
