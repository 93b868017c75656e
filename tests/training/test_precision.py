"""Where and in what precision a run computes."""

import math
from typing import Any

import pytest
import torch

from laws.games import objective_of
from likeness.errors import UserError
from likeness.training import loop as loop_module
from likeness.training import precision
from likeness.training.loop import loop
from support.small_trainings import Same, begun

CPU = torch.device("cpu")


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


def allowed() -> tuple[Any, Any]:
    """Whether convolutions and products are rounded to tf32."""
    return torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32


@pytest.mark.parametrize("kind", ["float32", "bfloat16", "tf32"])
def test_products_of_a_step_are_rounded_to_tf32_only_where_that_is_asked_for(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, settings = begun(precision=kind)
    before, really, seen = allowed(), loop_module.advance, list[tuple[Any, Any]]()

    def looked_at(*given: Any) -> dict[str, torch.Tensor]:
        seen.append(allowed())
        return really(*given)

    monkeypatch.setattr(loop_module, "advance", looked_at)
    next(loop(objective_of("gan"), state, Same(), settings, 0, 1))
    assert seen == [(kind == "tf32",) * 2]
    assert allowed() == before


@pytest.mark.parametrize("others", [(True, False), (False, True)])
def test_rounding_is_afterwards_what_it_was_whatever_happens(others: tuple[bool, bool]) -> None:
    before = allowed()
    switches: tuple[Any, ...] = (torch.backends.cudnn, torch.backends.cuda.matmul)
    try:
        for switch, value in zip(switches, others):
            switch.allow_tf32 = value
        with pytest.raises(ZeroDivisionError), precision.set_tf32("tf32"):
            assert allowed() == (True, True)
            _ = 1 / 0
        assert allowed() == others
    finally:
        for switch, value in zip(switches, before):
            switch.allow_tf32 = value


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match=r"device 'cuda:9' cannot be used .*; use --device cpu"):
        precision.device("cuda:9")


def test_a_precision_that_is_asked_for_is_taken_whatever_the_hardware() -> None:
    kinds: tuple[precision.Precision, ...] = ("float32", "tf32", "bfloat16")
    assert [precision.resolve(kind, CPU) for kind in kinds] == list(kinds)


@pytest.mark.parametrize(("native", "expected"), [(True, "bfloat16"), (False, "float32")])
def test_auto_is_half_precision_only_where_hardware_has_it(
    native: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: native)
    assert precision.resolve("auto", CPU) == expected
    assert precision.resolve("auto", torch.device("meta")) == "float32"


@pytest.mark.parametrize(
    ("kind", "made"),
    [("float32", torch.float32), ("tf32", torch.float32), ("bfloat16", torch.bfloat16)],
)
def test_products_are_made_in_the_precision_asked_for(kind: precision.Precision, made: torch.dtype) -> None:
    a = torch.ones(2, 2)
    with precision.autocast(kind, CPU)():
        assert (a @ a).dtype == made
    assert (a @ a).dtype == torch.float32


def test_new_tensors_are_made_where_the_run_computes() -> None:
    with precision.default_device(torch.device("meta")):
        assert torch.zeros(1).is_meta
    with precision.default_device(CPU):
        assert torch.zeros(1).device == CPU


@pytest.mark.parametrize("name", ["gpu", "", "cpu:x"])
def test_a_word_that_is_no_device_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(UserError, match=r"device '.*' cannot be used \(.*\); use --device cpu") as caught:
        precision.device(name)
    assert "\n" not in str(caught.value)
