"""The best checkpoint of a run, by a number of its validation lines.

RUN/checkpoints/best is all that is known of it, so that a training that is resumed goes on with the same.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from likeness import registry
from likeness.errors import RunError, UserError, warn
from likeness.runs import checkpoints
from likeness.runs.run import Run
from likeness.training.loop import State
from likeness.training.settings import MAXIMISE_SUFFIX


class Best(NamedTuple):
    """The best checkpoint so far: its step, and the metric and value that it was chosen by."""

    step: int
    name: str
    """A number of the validation lines of metrics.jsonl."""
    value: float

    def __str__(self) -> str:
        return f"step {self.step:,}, {self.name} {self.value:,.5g}"


def best_of(run: Run) -> Best | None:
    """The best checkpoint of a run, or None; a damaged one counts as none, with a warning."""
    if not run.best.exists():
        return None
    try:
        found = checkpoints.read(run.best, lambda names: ())
        [(name, value)] = found.figures.items()
    except (RunError, ValueError) as error:
        warn(f"{str(error).partition(';')[0]}; there is no best checkpoint")
        return None
    return Best(found.step, name, value)


class Figure:
    """A metric of the validation lines, by which the best checkpoint is chosen: `NAME`, or `NAME:max` for
    one that is better the larger it is."""

    def __init__(self, text: str) -> None:
        self.name = text.removesuffix(MAXIMISE_SUFFIX)
        self.sign = -1 if text.endswith(MAXIMISE_SUFFIX) else 1

    def check(self, known: Collection[str]) -> None:
        """Raises UserError, with similar names, if validation lines of these metrics do not have it."""
        if not known:
            raise UserError(
                f"there are no validation images to choose the best by {self.name}; raise --validation"
            )
        if self.name not in known:
            near = registry.suggestion(self.name, sorted(known))
            raise UserError(f"validation has no number {self.name!r}; {near}")

    def warn_of_another(self, run: Run) -> None:
        """Warn if the best checkpoint so far was chosen by another metric."""
        best = best_of(run)
        if best and best.name != self.name:
            warn(f"the best checkpoint was by {best.name}; the next validation begins anew by {self.name}")

    def keep(self, run: Run, state: State, seconds: float, line: Mapping[str, Any]) -> None:
        """Write the checkpoint of a validation line if it is better than the best so far."""
        value, best = line.get(self.name), self._best(run)
        if value is not None and (best is None or self.sign * value < self.sign * best.value):
            checkpoints.save_best(run.best, state, line["step"], seconds, {self.name: value})

    def validations_since_best(self, run: Run) -> int:
        """How many validations there have been since the best one."""
        best = self._best(run)
        if best is None:
            return 0
        steps = {line["step"] for line in run.metrics() if self.name in line}
        return sum(step > best.step for step in steps)

    def _best(self, run: Run) -> Best | None:
        """The best checkpoint so far by this metric; None if it was chosen by another."""
        best = best_of(run)
        return best if best and best.name == self.name else None
