"""Trained networks taken from another run: for example the frozen discriminator of VAE_Dis_l."""

from likeness.config import Config
from likeness.data.conditions import Conditions
from likeness.errors import UserError
from likeness.files.bundle import mismatch
from likeness.nets import Networks
from likeness.runs.loading import load_model


def borrow(settings: Config, nets: Networks, conditions: Conditions, *, ready: bool) -> None:
    """Load the networks that `settings.borrow` names into `nets`, unless they are `ready`. Raises
    UserError if a network that the method needs is not named, or does not fit."""
    for player, method in settings.objective.pretrained_players.items():
        if player not in settings.borrow:
            raise UserError(
                f"{settings.method} needs the trained {player} of another run; "
                f"pass --borrow {player} RUN, such as that of a {method}"
            )
    for player, path in {} if ready else settings.borrow.items():
        _put(nets, player, path, conditions)


def _put(nets: Networks, player: str, path: str, conditions: Conditions) -> None:
    model = load_model(path)
    lender = model.nets
    if model.conditions != conditions:
        theirs, ours = (str(c) or "none" for c in (model.conditions, conditions))
        raise UserError(
            f"{path} has other conditions ({theirs}) than this training ({ours}); train both on the same"
        )
    for owner, players in (("this method", nets), (path, lender)):
        if player not in players:
            raise UserError(f"{owner} has no {player}; choose one of {', '.join(players.keys())}")
    weights = lender[player].state_dict()
    wrong = mismatch(nets[player].state_dict(), weights)
    if wrong:
        raise UserError(
            f"the {player} of {path} does not fit: {wrong}; train both with the same --net and --size"
        )
    nets[player].load_state_dict(weights)
