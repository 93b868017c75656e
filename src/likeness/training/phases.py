"""Running the steps of objectives, including those of users, with checks of everything they yield."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor

from likeness.batch import Batch
from likeness.errors import UserError
from likeness.nets import Networks
from likeness.objectives import AdaptiveLoss, Losses, Objective, Phase, Step
from likeness.shapes import describe


def start_step(objective: Objective, nets: Networks, batch: Batch, t: int) -> Step:
    """The generator of step `t` on a batch. Raises UserError if the step has no `yield`."""
    game = objective.step(nets, batch, t)
    if not inspect.isgenerator(game):
        raise _step_error(objective, "yields no phase", f"yield Phase with losses of {_moves(objective)}")
    return game


def next_phase(objective: Objective, game: Step) -> tuple[Phase | None, Losses]:
    """The next phase of a step, or None and its report. Raises UserError if a phase or the report is
    invalid: of another type, with a loss of an unknown move, or with values that are not scalars."""
    try:
        phase = next(game)
    except StopIteration as end:
        _check_report(objective, end.value)
        return None, end.value
    _check_phase(objective, phase)
    return phase, {}


def _check_phase(objective: Objective, phase: Any) -> None:
    """Raises UserError for a phase that is not valid."""
    if not isinstance(phase, Phase) or not isinstance(phase.losses, Mapping):
        kind = "Phase without a mapping" if isinstance(phase, Phase) else type(phase).__name__
        remedy = f"yield Phase with losses of {_moves(objective)}"
        raise _step_error(objective, f"yields {kind} instead of a phase", remedy)
    moves = objective.moves
    for name in phase.losses:
        if name not in moves:
            fact = f"yields a loss of {name!r}, which is not one of its moves"
            raise _step_error(objective, fact, f"yield losses of {_moves(objective)}")
    for name, value in _scalars(phase):
        if not isinstance(value, Tensor) or value.dim():
            remedy = "yield a scalar tensor, such as batch.mean of a value of each sample"
            raise _step_error(objective, f"yields a {name} of {describe(value)}", remedy)


def _scalars(phase: Phase) -> Iterator[tuple[str, Any]]:
    """The values of a phase that must be scalars, each with its description."""
    for name, loss in phase.losses.items():
        terms = (loss.reference, loss.scaled) if isinstance(loss, AdaptiveLoss) else (loss,)
        yield from ((f"loss of {name!r}", term) for term in terms)
    yield from ((f"cost {name!r}", cost) for name, cost in phase.costs.items())
    yield from ((f"count of samples of {name!r}", count) for name, count in phase.sample_counts.items())


def _check_report(objective: Objective, report: Any) -> None:
    """Raises UserError for a report that is not valid."""
    remedy = "return scalar tensors by name, or {} if there is nothing to report"
    if not isinstance(report, Mapping):
        kind = "no report" if report is None else f"a report of {describe(report)}"
        raise _step_error(objective, f"returns {kind}", remedy)
    for name, value in report.items():
        if not isinstance(value, Tensor) or value.dim():
            raise _step_error(objective, f"reports {name!r} of {describe(value)}", remedy)


def _moves(objective: Objective) -> str:
    """The names of the moves of an objective."""
    return ", ".join(objective.moves)


def _step_error(objective: Objective, fact: str, remedy: str) -> UserError:
    """An error about the step of an objective."""
    return UserError(f"the step of {objective.name} {fact}; {remedy}")
