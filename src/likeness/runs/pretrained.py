"""Players that come, trained, from another run: the frozen metric of VAE_Dis_l."""

from likeness.config import Config
from likeness.errors import UserError
from likeness.files.bundle import mismatch
from likeness.nets import Networks
from likeness.runs.loading import load_model
from likeness.shapes import Shape


def borrow(settings: Config, nets: Networks, shape: Shape, *, ready: bool) -> None:
    """Put the players that `settings.borrow` names into `nets`; nothing where they are `ready` already.

    Raises UserError if a method's borrowed player is not given, or does not fit.
    """
    for player in settings.objective.borrows:
        if player not in settings.borrow:
            raise UserError(
                f"{settings.method} needs the trained {player} of another run; "
                f"pass --borrow {player} RUN, such as that of a gan"
            )
    for player, path in {} if ready else settings.borrow.items():
        _put(nets, player, path, settings.objective.given)


def _put(nets: Networks, player: str, path: str, given: tuple[str, ...]) -> None:
    model = load_model(path)
    lender = model.nets
    if model.objective.given != given:
        theirs, ours = (", ".join(names) or "none" for names in (model.objective.given, given))
        raise UserError(
            f"{path} was given other attributes ({theirs}) than this is ({ours}); give both the same"
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
