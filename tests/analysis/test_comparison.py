"""Methods are trained in an order and with settings that make them comparable, and only where needed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from likeness.analysis import comparison
from likeness.analysis.comparison import TrainedMethod, compare
from likeness.analysis.evaluation import Evaluation
from likeness.config import Config
from likeness.errors import UserError
from likeness.intervals import Interval
from likeness.runs.run import Run, create
from likeness.runs.settings import gather

SETTINGS: dict[str, Any] = {"data": "digits", "net": "mlp", "batch": 8, "steps": 2}
ONE = Interval(1.0, 0.5, 1.5, 9)
Compared = Callable[..., list[TrainedMethod]]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Config]]:
    """Trainings by the name of their directory, which are begun and not made; all measured the same."""
    seen: list[tuple[str, Config]] = []

    def train(settings: Config, path: Path, **how: object) -> None:
        assert how["resume"] is True
        seen.append((path.name, settings))

    monkeypatch.setattr(comparison, "train", train)
    monkeypatch.setattr(
        comparison, "_measure", lambda run, split, max_images: Evaluation({"a": ONE}, ["few"])
    )
    return seen


@pytest.fixture
def compared(tmp_path: Path) -> Compared:
    """Compares methods in a directory."""

    def give(*methods: str, seeds: int = 1, **settings: Any) -> list[TrainedMethod]:
        return compare(methods, seeds, SETTINGS | settings, tmp_path, "test", lambda progress: None)

    return give


def test_a_training_whose_memory_was_not_told_has_none() -> None:
    assert TrainedMethod("ae", 0, Run(Path("nowhere")), {}).memory is None


def test_a_training_took_the_time_and_memory_that_its_run_wrote_last(tmp_path: Path) -> None:
    run = create(tmp_path / "run")
    lines = ('{"step": 1, "seconds": 3.5, "peak_memory_mib": 700.0}', '{"step": 2, "seconds": 8.25}')
    run.metrics_file.write_text("\n".join(lines))
    assert (TrainedMethod("ae", 0, run, {}).seconds, TrainedMethod("ae", 0, run, {}).memory) == (
        8.25,
        700.0,
    )


def test_a_discriminator_is_trained_before_it_is_borrowed_with_each_seed(
    begun: list[tuple[str, Config]], compared: Compared, tmp_path: Path
) -> None:
    found = compared("vae_dis_l", "ae", seeds=2)
    order = ["gan-0", "vae_dis_l-0", "ae-0", "gan-1", "vae_dis_l-1", "ae-1"]
    assert [name for name, _ in begun] == [f"{t.method}-{t.seed}" for t in found] == order
    lent = {name: settings.borrow.get("discriminator") for name, settings in begun}
    assert lent["vae_dis_l-1"] == str(tmp_path / "gan-1") and lent["ae-1"] is None
    assert found[1].numbers == {"a": ONE} and found[1].cautions == ["few"]


def test_a_gan_among_the_methods_is_trained_first_and_once(
    begun: list[tuple[str, Config]], compared: Compared
) -> None:
    compared("vae_dis_l", "gan")
    assert [name for name, _ in begun] == ["gan-0", "vae_dis_l-0"]


def test_methods_differ_in_nothing_but_themselves_and_their_seed(
    begun: list[tuple[str, Config]], compared: Compared
) -> None:
    compared("ae", "vae", seeds=2)
    assert len({repr((c.net, c.data, c.log, c.training.steps, c.training.batch)) for _, c in begun}) == 1
    assert [(c.method, c.training.seed) for _, c in begun] == [("ae", 0), ("vae", 0), ("ae", 1), ("vae", 1)]


def test_a_run_that_ended_with_these_settings_is_not_trained_again(
    begun: list[tuple[str, Config]], compared: Compared, tmp_path: Path
) -> None:
    run = create(tmp_path / "ae-0")
    run.write_config(gather("ae", SETTINGS | {"seed": 0}))
    compared("ae")
    assert [name for name, _ in begun] == ["ae-0"], "it has not ended: there is no report"
    run.report.touch()
    compared("ae")
    assert len(begun) == 1
    compared("ae", steps=3)
    assert len(begun) == 2 and begun[-1][1].training.steps == 3


def test_an_unknown_method_is_refused_before_any_is_trained(
    begun: list[tuple[str, Config]], compared: Compared
) -> None:
    with pytest.raises(UserError, match=r"there is no method 'vea'; did you mean vae"):
        compared("ae", "vea")
    assert not begun
