"""A step that is none is refused in one line, which says what it should be."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from laws.games import Game, altered, differing, game, objective_of, snapshot
from likeness.errors import UserError
from likeness.objectives import AdaptiveLoss, Phase
from likeness.training.phases import next_phase, start_step
from likeness.training.step import advance, validate

pytestmark = pytest.mark.usefixtures("double")
ONE, MANY = torch.tensor(1.0), torch.ones(8)
Yielded = Callable[[dict[str, Any]], Any]


def unchecked(losses: Any, costs: Any = (), sample_counts: Any = ()) -> Phase:
    """A phase as a program without checks of types makes it."""
    made = object.__new__(Phase)
    vars(made).update(losses=losses, costs=dict(costs), sample_counts=dict(sample_counts), running={})
    return made


def adaptive(against: Any, weighed: Any) -> AdaptiveLoss:
    """Two losses of a move, made in the same way."""
    made = object.__new__(AdaptiveLoss)
    vars(made).update(reference=against, scaled=weighed, parameters=[], weight=1.0)
    return made


def yielding(phase: Yielded, report: Any = None) -> tuple[Any, Game]:
    """An adversarial autoencoder that yields something in place of its first phase, of its losses, and
    returns something in place of its report."""
    played = game(objective_of("aae"), "mlp")

    def step(self: Any, *given: Any) -> Iterator[Any]:
        true = played.objective.step(*given)
        yield phase(dict(next(true).losses))
        return report

    return altered(played.objective, step=step), played


MOVES = "autoencoder, critic, encoder"
NO_SCALAR = "yield a scalar tensor, such as batch.mean of a value of each sample"
WRONG: list[tuple[Yielded, str]] = [
    (lambda losses: losses, f"yields dict instead of a phase; yield Phase with losses of {MOVES}"),
    (lambda losses: None, f"yields NoneType instead of a phase; yield Phase with losses of {MOVES}"),
    (
        lambda losses: unchecked(losses["autoencoder"]),
        f"yields Phase without a mapping instead of a phase; yield Phase with losses of {MOVES}",
    ),
    (
        lambda losses: Phase({"encode": ONE}),
        f"yields a loss of 'encode', which is not one of its moves; yield losses of {MOVES}",
    ),
    (
        lambda losses: unchecked({"critic": MANY}),
        f"yields a loss of 'critic' of shape (8,); {NO_SCALAR}",
    ),
    (lambda losses: unchecked({"critic": 2.0}), f"yields a loss of 'critic' of type float; {NO_SCALAR}"),
    (
        lambda losses: unchecked({"critic": adaptive(ONE, MANY)}),
        f"yields a loss of 'critic' of shape (8,); {NO_SCALAR}",
    ),
    (
        lambda losses: unchecked(losses, costs={"generator": MANY}),
        f"yields a cost 'generator' of shape (8,); {NO_SCALAR}",
    ),
    (
        lambda losses: unchecked(losses, sample_counts={"critic": 3}),
        f"yields a count of samples of 'critic' of type int; {NO_SCALAR}",
    ),
]


@pytest.mark.parametrize(("phase", "said"), WRONG, ids=[said.partition(";")[0] for _, said in WRONG])
def test_what_is_no_phase_is_refused_before_any_network_changes(phase: Yielded, said: str) -> None:
    objective, played = yielding(phase, {})
    before = snapshot(played.nets)
    for play in (
        lambda: advance(objective, played.nets, played.moves, played.batches, 0),
        lambda: validate(objective, played.nets, played.batches[0], 0),
    ):
        with pytest.raises(UserError) as caught:
            play()
        assert str(caught.value) == f"the step of aae {said}"
    assert not differing(before, snapshot(played.nets))


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (None, "returns no report"),
        (ONE, "returns a report of shape ()"),
        ({"mse": 0.5}, "reports 'mse' of type float"),
        ({"mse": MANY}, "reports 'mse' of shape (8,)"),
    ],
)
def test_what_is_no_report_is_refused(report: Any, said: str) -> None:
    objective, played = yielding(lambda losses: Phase({"autoencoder": losses["autoencoder"]}), report)
    with pytest.raises(UserError) as caught:
        advance(objective, played.nets, played.moves, played.batches, 0)
    remedy = "return scalar tensors by name, or {} if there is nothing to report"
    assert str(caught.value) == f"the step of aae {said}; {remedy}"


def test_a_step_without_a_yield_is_refused() -> None:
    played = game(objective_of("aae"), "mlp")
    for returned in (None, {}, [Phase({})]):
        silent = altered(played.objective, step=lambda self, *given, found=returned: found)
        with pytest.raises(
            UserError, match=f"^the step of aae yields no phase; yield Phase .* of {MOVES}$"
        ):
            advance(silent, played.nets, played.moves, played.batches, 0)


def test_a_step_with_more_phases_for_one_batch_than_for_another_is_refused() -> None:
    played = game(objective_of("aae"), "mlp", batches=2)
    counts = iter([1, 2])

    def step(self: Any, *given: Any) -> Iterator[Any]:
        for _ in range(next(counts)):
            yield Phase({})
        return {}

    with pytest.raises(
        UserError, match=r"^the step of aae has more phases for one batch than for another; "
    ):
        advance(altered(played.objective, step=step), played.nets, played.moves, played.batches, 0)


def test_phases_come_one_by_one_and_the_report_after_the_last() -> None:
    played = game(objective_of("aae"), "mlp")
    steps = start_step(played.objective, played.nets, played.batches[0], 0)
    answers = [next_phase(played.objective, steps) for _ in range(4)]
    moves = [list(phase.losses) if phase else None for phase, _ in answers]
    assert moves == [["autoencoder"], ["critic"], ["encoder"], None]
    assert [list(report) for _, report in answers] == [
        [],
        [],
        [],
        ["llike", "pixels", "critic", "generator"],
    ]
