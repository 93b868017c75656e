"""Steps with compiled passes beside steps without: `python -m laws.compiled_games BACKEND` prints by how
much they differ, game for game. A process of its own, because shapes are not checked in what is compiled.
"""

import json
import sys
from typing import Any

import torch
from torch._dynamo.utils import counters

from laws.games import CONDITION, game, objective_of, snapshot, with_adam
from likeness.training.compiling import compile_passes, use_passes

FREE: dict[str, Any] = {"balance": False}
GAMES: list[tuple[str, str, dict[str, Any]]] = [
    ("ae", "mlp", {}),
    ("vae", "resnet", {}),
    ("gan", "mlp", FREE),
    ("vae_dis_l", "mlp", {}),
    ("vae_gan", "larsen", FREE),
    ("vae_gan", "mlp", FREE | {"condition": CONDITION}),
    ("aae_semi", "larsen", {"mutual_information": 1.0, "view.rotation": 10.0}),
]


def after(method: str, family: str, settings: dict[str, Any], backend: str | None) -> torch.Tensor:
    """Everything that two steps leave behind, in a row."""
    played = with_adam(game(objective_of(method, **settings), family))
    with use_passes(played.nets, compile_passes(played.nets, bool(backend), backend or "")):
        played.play()
        played.play(t=1)
    values = [v.double().flatten() for net in snapshot(played.nets).values() for v in net.values()]
    return torch.cat([*values, torch.get_rng_state().double()])


def main() -> None:
    torch.set_default_dtype(torch.float64)
    found = {}
    for number, (method, family, settings) in enumerate(GAMES):
        plain, other = (after(method, family, settings, b) for b in (None, sys.argv[1]))
        found[f"{number} {method} {family}"] = {
            "differ": float((plain - other).abs().max()),
            "graphs": counters["stats"]["unique_graphs"],
            "breaks": sum(counters["graph_break"].values()),
        }
        counters.clear()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
