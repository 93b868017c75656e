"""The loop: lengths, rates, averages, precision, and seeds."""

import math
from functools import partial
from pathlib import Path

import pytest
import torch
from pydantic import ValidationError

from laws.games import FAMILIES, SHAPE, batch, objective_of
from likeness.errors import UserError
from likeness.shapes import Batch
from likeness.training import precision
from likeness.training.averages import Average
from likeness.training.compiling import compiled
from likeness.training.loop import State, begin, loop, networks, set_rates
from likeness.training.optimizers import Adam, AdamW, Constant, Cosine, Exponential, RMSprop
from likeness.training.settings import TrainingSettings


class Same:
    """The same batch for ever."""

    def at(self, t: int) -> Batch:
        """Any batch."""
        made = batch(0)
        return Batch(made.x.float(), made.labels, made.index)


def begun(method: str = "gan", family: str = "mlp", **training: object) -> tuple[State, TrainingSettings]:
    """Fresh networks and moves on the CPU."""
    settings = TrainingSettings(device="cpu", **training)
    objective = objective_of(method)
    return begin(objective, networks(objective, FAMILIES[family], SHAPE, settings), settings), settings


@pytest.mark.parametrize(
    ("given", "total"),
    [({}, 5000), ({"steps": 7}, 7), ({"epochs": 2.5, "batch": 10}, 25), ({"minutes": 1.0}, None),
     ({"epochs": 1.0, "batch": 10, "accumulate": 2}, 5), ({"epochs": 0.001}, 1)],
)  # fmt: skip
def test_the_length_of_a_training(given: dict, total: int | None) -> None:
    assert TrainingSettings(**given).total(100) == total


def test_two_lengths_at_once_are_refused() -> None:
    with pytest.raises(ValidationError, match="steps and minutes are both given"):
        TrainingSettings(steps=3, minutes=1)


def test_a_schedule_without_an_end_is_refused() -> None:
    with pytest.raises(ValidationError, match="a schedule needs a length"):
        TrainingSettings(minutes=1, schedule=Cosine())


def test_schedules_have_their_closed_forms() -> None:
    places = (0.0, 0.5, 1.0)
    assert [Constant().factor(p) for p in places] == [1, 1, 1]
    assert [Cosine(final=0.2).factor(p) for p in places] == pytest.approx([1, 0.6, 0.2])
    assert [Exponential(final=0.01).factor(p) for p in places] == pytest.approx([1, 0.1, 0.01])


def test_each_move_has_its_rate_times_the_schedule() -> None:
    state, settings = begun(lr=0.1, rates={"discriminator": 0.3}, schedule=Cosine())
    set_rates(state.moves, settings, 0.5)
    rates = {name: move.optimizer.param_groups[0]["lr"] for name, move in state.moves.items()}
    assert rates == pytest.approx({"decoder": 0.05, "discriminator": 0.15})


def test_optimizers_are_those_of_torch() -> None:
    weight = [torch.nn.Parameter(torch.zeros(1))]
    kinds = [type(o.build(weight, 0.1)) for o in (Adam(), AdamW(), RMSprop())]
    assert kinds == [torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop]
    assert Adam(beta1=0.3).build(weight, 0.1).defaults["betas"] == (0.3, 0.999)
    assert RMSprop(decay=0.8).build(weight, 0.1).defaults["alpha"] == 0.8


def test_the_average_follows_by_its_closed_form() -> None:
    state, _ = begun()
    average, first = Average(state.nets, 0.9), next(state.nets.parameters()).detach().clone()
    with torch.no_grad():
        next(state.nets.parameters()).add_(1.0)
    for steps in (200, 201, 202):
        average.follow(state.nets, steps)
    assert torch.allclose(next(average.nets.parameters()), first + 1 - 0.9**3, atol=1e-6)


@pytest.mark.parametrize("steps", [1, 2, 10, 100])
def test_first_weights_soon_have_no_share_in_an_average(steps: int) -> None:
    net = torch.nn.ModuleDict({"a": torch.nn.Linear(1, 1, bias=False)})
    net["a"].weight.data.fill_(1.0)
    average = Average(net, 0.999)
    net["a"].weight.data.fill_(0.0)
    for t in range(1, steps + 1):
        average.follow(net, t)
    assert float(average.nets["a"].weight) == pytest.approx(1 / math.comb(steps + 9, 9), rel=1e-4)


def test_compiled_passes_are_made_where_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def counting(graph: torch.fx.GraphModule, given: object) -> object:
        made.append(graph)
        return graph.forward

    monkeypatch.setattr("likeness.training.loop.compiled", partial(compiled, backend=counting))
    state, settings = begun("ae", compile=True, precision="float32")
    next(loop(objective_of("ae"), state, Same(), settings, 0, 1))
    assert len(made) == 2, "encoder and decoder"


def test_weights_and_losses_stay_float32_in_half_precision() -> None:
    state, settings = begun("vae", "larsen", precision="bfloat16", steps=1)
    (_, report), = loop(objective_of("vae"), state, Same(), settings, 0, 1)  # fmt: skip
    assert {p.dtype for p in state.nets.parameters()} == {torch.float32}
    assert {v.dtype for v in report.values() if isinstance(v, torch.Tensor)} == {torch.float32}


def test_half_precision_is_near_full_precision() -> None:
    reports = []
    for kind in ("float32", "bfloat16"):
        state, settings = begun("vae", "larsen", precision=kind)
        (_, report), = loop(objective_of("vae"), state, Same(), settings, 0, 1)  # fmt: skip
        reports.append(float(report["llike"]))
    assert math.isclose(*reports, rel_tol=0.02) and reports[0] != reports[1]


@pytest.mark.parametrize("kind", ["float32", "bfloat16", "tf32"])
def test_products_are_rounded_to_tf32_only_where_that_is_asked_for(kind: str) -> None:
    state, settings = begun(precision=kind)
    next(loop(objective_of("gan"), state, Same(), settings, 0, 1))
    said = (torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32)
    assert said == (kind == "tf32",) * 2


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match=r"device 'cuda:9' cannot be used .*; use --device cpu"):
        precision.device("cuda:9")


def test_the_loop_goes_on_from_the_step_it_is_told(tmp_path: Path) -> None:
    state, settings = begun()
    steps = [t for t, _ in loop(objective_of("gan"), state, Same(), settings, 3, 6)]
    assert steps == [4, 5, 6]
