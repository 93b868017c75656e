"""Tiny games in float64, and what can be seen of them from outside."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from likeness import config, registry
from likeness.batch import Batch
from likeness.nets import Family, Networks
from likeness.nets.larsen import Larsen
from likeness.nets.mlp import MLP
from likeness.nets.resnet import ResNet
from likeness.objectives import Objective, Step
from likeness.shapes import Shape
from likeness.training.moves import Move
from likeness.training.step import advance, set_modes
from support.global_noise import Global

SHAPE = Shape(2, 8, 8)
SETTINGS = {"latent": 3}
"""What tiny games of every objective have in common."""
FAMILIES: dict[str, Family] = {
    "larsen": Larsen(width=0.01, critic_hidden=9),
    "mlp": MLP(hidden=7, critic_hidden=9),
    "resnet": ResNet(base=16, critic_hidden=9),
}
DESIGNS = [*FAMILIES]
FAMILIES["spectral"] = Larsen(width=0.01, critic_hidden=9, spectral=True)
"""Its passes depend on those before, so that the order in which a reference takes them would count."""
METHODS = registry.names("likeness.objectives")
CONDITION = ("round", "dark")
"""Attributes of made up images."""
CONDITIONS = {("age",): 1, CONDITION: 2, ("hair",): 3, ("hair", "age"): 4}
"""How many numbers conditions are: `age` is a real number, `hair` a class of three."""
LR = 0.1

Advance = Callable[..., Any]
Snapshot = dict[str, dict[str, Tensor]]


def objective_of(method: str, **settings: Any) -> Objective:
    """The objective called `method`, tiny."""
    return config.check(config.objective_class(method), SETTINGS | settings, "objective")


@dataclass
class Game:
    """Networks, moves and a batch of one objective."""

    objective: Objective
    nets: Networks
    moves: dict[str, Move]
    batches: list[Batch]

    def play(self, engine: Advance = advance, t: int = 0, seed: int = 11) -> None:
        """One step, its noise a function of `seed`."""
        torch.manual_seed(seed)
        engine(self.objective, self.nets, self.moves, self.batches, t)


def game(
    objective: Objective, family: str = "larsen", seed: int = 0, batches: int = 1, shape: Shape = SHAPE
) -> Game:
    """Fresh networks, each weight away from zero, whose moves step LR down the plain gradient."""
    torch.manual_seed(zlib.crc32(f"{family} {seed}".encode()))
    nets = objective.networks(FAMILIES[family], shape, CONDITIONS.get(objective.condition, 0))
    with torch.no_grad():
        for parameter in nets.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    set_modes(objective, nets)
    moves = {name: sgd(name, [nets[p] for p in players]) for name, players in objective.moves.items()}
    return Game(
        objective,
        nets,
        moves,
        [batch(k, shape=shape, names=objective.condition or CONDITION) for k in range(batches)],
    )


def sgd(name: str, players: list[nn.Module]) -> Move:
    """A move that steps LR down the plain gradient."""
    parameters = [p for player in players for p in player.parameters()]
    return Move(name, players, torch.optim.SGD(parameters, LR))


def with_adam(played: Game) -> Game:
    """The same game, whose optimizers remember how often they stepped."""
    for move in played.moves.values():
        move.optimizer = torch.optim.Adam(move.parameters, 1e-3)
    return played


def batch(seed: int, n: int = 6, shape: Shape = SHAPE, names: tuple[str, ...] = CONDITION) -> Batch:
    """Images, labels and conditions made up."""
    made = torch.Generator().manual_seed(seed)
    x = torch.rand(n, *shape, generator=made, dtype=torch.float64) * 2 - 1
    rows = torch.randint(2, (n, len(CONDITION)), generator=made).double()
    if names != CONDITION:
        hair = torch.eye(3, dtype=torch.float64)[torch.randint(3, (n,), generator=made)]
        age = torch.randn(n, 1, generator=made, dtype=torch.float64)
        rows = torch.cat([hair if name == "hair" else age for name in names], 1)
    return Batch(x, torch.arange(n) % 3, torch.arange(n), rows).with_noise(Global())


def snapshot(nets: Networks) -> Snapshot:
    """Every parameter and statistic of every player."""
    return {name: {k: v.clone() for k, v in net.state_dict().items()} for name, net in nets.items()}


def differing(before: Snapshot, after: Snapshot) -> set[str]:
    """Players of which anything is not bit for bit the same."""
    return {
        name for name in before if any(not torch.equal(v, after[name][k]) for k, v in before[name].items())
    }


class Seen(NamedTuple):
    """What is seen of a phase from outside."""

    moves: set[str]
    """The moves it names."""
    before: Snapshot
    after: Snapshot
    random: Tensor
    """State of the random numbers before its losses were computed."""


def altered(objective: Any, **methods: Any) -> Any:
    """The same objective, or other settings, with other methods."""
    made = object.__new__(type(type(objective).__name__, (type(objective),), methods))
    made.__dict__.update(objective.__dict__)
    return made


def spied(objective: Objective) -> tuple[Objective, list[Seen]]:
    """An objective that also notes what each phase changed: the engine cannot tell it from the other."""
    phases: list[Seen] = []

    def step(self: Objective, nets: Networks, batch: Batch, t: int) -> Step:
        play = objective.step(nets, batch, t)
        while True:
            before, random = snapshot(nets), torch.get_rng_state()
            try:
                phase = next(play)
            except StopIteration as end:
                return end.value
            yield phase
            paused = objective.paused_moves(
                {name: float(cost.detach()) for name, cost in phase.costs.items()}
            )
            without = paused | {name for name, count in phase.sample_counts.items() if not count}
            phases.append(Seen(set(phase.losses) - without, before, snapshot(nets), random))

    return altered(objective, step=step), phases


@torch.no_grad()
def restore(nets: Networks, state: Snapshot) -> None:
    """Everything as it was."""
    for name, values in state.items():
        nets[name].load_state_dict(values)


def gradients(before: Snapshot, after: Snapshot, players: tuple[str, ...], nets: Networks) -> Tensor:
    """The gradient that a step of LR took, of all parameters of some players, as one vector."""
    steps = [
        (before[player][name] - after[player][name]) / LR
        for player in players
        for name, _ in nets[player].named_parameters()
    ]
    return torch.cat([step.flatten() for step in steps])


def relative_error(found: Tensor, expected: Tensor) -> float:
    """Norm of the difference, as a share of the norm expected."""
    return float((found - expected).norm() / expected.norm())
