"""Asking a step, which may be of a class of one's own, for its next phase; what is none is refused."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor

from likeness.batch import Batch
from likeness.errors import UserError
from likeness.nets import Networks
from likeness.objectives import Adaptive, Losses, Objective, Phase, Step
from likeness.shapes import describe


def begin(objective: Objective, nets: Networks, batch: Batch, t: int) -> Step:
    """The phases of step `t` on a batch. Raises UserError if there is no `yield` in it."""
    game = objective.step(nets, batch, t)
    if not inspect.isgenerator(game):
        raise _refusal(objective, "yields no phase", f"yield Phase with losses of {_moves(objective)}")
    return game


def ask(objective: Objective, game: Step) -> tuple[Phase | None, Losses]:
    """The next phase of a step, or None and its report. Raises UserError if it is neither, or has a loss
    of a move that the objective has not, or one that is no scalar."""
    try:
        phase = next(game)
    except StopIteration as end:
        _check_report(objective, end.value)
        return None, end.value
    _check_phase(objective, phase)
    return phase, {}


def _check_phase(objective: Objective, phase: Any) -> None:
    if not isinstance(phase, Phase) or not isinstance(phase.losses, Mapping):
        found = "Phase without a mapping" if isinstance(phase, Phase) else type(phase).__name__
        remedy = f"yield Phase with losses of {_moves(objective)}"
        raise _refusal(objective, f"yields {found} in place of a phase", remedy)
    moves = objective.moves
    for name in phase.losses:
        if name not in moves:
            fact = f"yields a loss of {name!r}, which is no move of it"
            raise _refusal(objective, fact, f"yield losses of {_moves(objective)}")
    for name, value in _scalars(phase):
        if not isinstance(value, Tensor) or value.dim():
            remedy = "yield a scalar tensor, such as batch.mean of a value of each sample"
            raise _refusal(objective, f"yields a {name} of {describe(value)}", remedy)


def _scalars(phase: Phase) -> Iterator[tuple[str, Any]]:
    """What must be a scalar in a phase, and what it is called."""
    for name, loss in phase.losses.items():
        parts = (loss.against, loss.weighed) if isinstance(loss, Adaptive) else (loss,)
        yield from ((f"loss of {name!r}", part) for part in parts)
    yield from ((f"cost {name!r}", cost) for name, cost in phase.costs.items())
    yield from ((f"count of samples of {name!r}", count) for name, count in phase.samples.items())


def _check_report(objective: Objective, report: Any) -> None:
    remedy = "return scalar tensors by name, or {} if there is nothing to report"
    if not isinstance(report, Mapping):
        found = "no report" if report is None else f"a report of {describe(report)}"
        raise _refusal(objective, f"returns {found}", remedy)
    for name, value in report.items():
        if not isinstance(value, Tensor) or value.dim():
            raise _refusal(objective, f"reports {name!r} of {describe(value)}", remedy)


def _moves(objective: Objective) -> str:
    return ", ".join(objective.moves)


def _refusal(objective: Objective, fact: str, remedy: str) -> UserError:
    return UserError(f"the step of {objective.name} {fact}; {remedy}")
