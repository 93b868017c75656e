"""The best checkpoint: which it is, that it is the same however the training came there, and patience."""

import shutil
from pathlib import Path
from typing import Any

import pytest

import likeness
from likeness.errors import LikenessWarning, UserError
from likeness.nets import Networks
from likeness.runs import checkpoints
from likeness.runs.best import Best, Figure, best_of
from likeness.runs.run import Run
from likeness.training.loop import State
from support.damage import flip
from support.small_runs import steps, trained, weights

PIXELS = "validation_pixels"
EVERY: dict[str, Any] = {"pictures_every": 1, "checkpoint_every": 1, "keep": 50, "lr": 0.3, "seed": 1}
"""Validation and a checkpoint at each step, of a training whose error goes up and down."""


def validation(run: Run, name: str = PIXELS) -> dict[int, float]:
    """A number of the validation lines, by step."""
    return {line["step"]: line[name] for line in run.metrics() if name in line}


@pytest.fixture(scope="module")
def whole(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Twelve steps in one go, which are left as they are."""
    path = tmp_path_factory.mktemp("whole") / "run"
    return trained(path, images, steps=12, best_by=PIXELS, **EVERY)


def same_files(a: Path, b: Path) -> bool:
    """Whether two checkpoints have the same weights and optimizer states."""
    names = (checkpoints.WEIGHTS, checkpoints.OPTIMIZERS)
    return all((a / name).read_bytes() == (b / name).read_bytes() for name in names)


def test_the_best_checkpoint_is_that_of_the_step_with_the_lowest_number(whole: Run) -> None:
    values = validation(whole)
    lowest = min(values, key=lambda step: values[step])
    assert len(values) == 12 and lowest not in (1, 12), "else this says little"
    assert best_of(whole) == Best(lowest, PIXELS, values[lowest])
    assert same_files(whole.best, whole.checkpoints / f"step-{lowest:08d}")
    assert likeness.load(whole.best).step == lowest and likeness.load(whole.path).step == 12
    assert f"best checkpoint: step {lowest}, {PIXELS} {values[lowest]:.5g}" in whole.report.read_text()


def test_the_highest_is_kept_where_that_is_better(images: Path, tmp_path: Path, whole: Run) -> None:
    run = trained(tmp_path / "run", images, steps=12, best_by=f"{PIXELS}:max", **EVERY)
    values = validation(run)
    assert values == validation(whole), "what is kept changes nothing of the training"
    assert best_of(run) == Best(max(values, key=lambda step: values[step]), PIXELS, max(values.values()))


def test_the_best_outlives_the_newest_few(images: Path, tmp_path: Path, whole: Run) -> None:
    settings: dict[str, Any] = EVERY | {"keep": 1}
    run = trained(tmp_path / "run", images, steps=12, best_by=PIXELS, **settings)
    assert steps(run.path) == [12]
    assert best_of(run) == best_of(whole) and likeness.load(run.best).step != 12


@pytest.mark.parametrize("lost", [(), ("best",), ("later",)])
@pytest.mark.parametrize("reached", [2, 7])
def test_a_training_that_was_cut_off_keeps_the_same_best(
    whole: Run, images: Path, tmp_path: Path, reached: int, lost: tuple[str, ...]
) -> None:
    """As a kill leaves it: older checkpoints, with a best one that is later, or just being replaced."""
    run = Run(Path(shutil.copytree(whole.path, tmp_path / "run")))
    run.report.unlink()
    for step in range(reached + 1, 13):
        shutil.rmtree(run.checkpoints / f"step-{step:08d}")
    if lost:
        shutil.rmtree(run.best)
    if "later" in lost:
        (run.checkpoints / ".partial-old-best").mkdir()
    trained(run.path, images, resume=True, steps=12, best_by=PIXELS, **EVERY)
    assert best_of(run) == best_of(whole) and same_files(run.best, whole.best)
    assert weights(run.path) == weights(whole.path) and validation(run) == validation(whole)


def test_patience_ends_a_training_and_more_of_it_goes_on_exactly(
    images: Path, tmp_path: Path, whole: Run
) -> None:
    path, options = tmp_path / "run", EVERY | {"best_by": PIXELS, "steps": 12}
    with pytest.warns(LikenessWarning, match=r"^ended at step 7: the best is step 4, .*3 validations ago"):
        run = trained(path, images, patience=3, **options)
    values = validation(run)
    assert list(values) == [*range(1, 8)] and values[4] == min(values.values())
    assert steps(path)[-1] == 7 and run.report.exists()
    with pytest.warns(
        LikenessWarning, match="is finished: the best is step 4.*a larger --patience goes on"
    ):
        trained(path, images, resume=True, patience=3, **options)
    assert steps(path)[-1] == 7 and validation(run) == values
    trained(path, images, resume=True, patience=12, **options)
    assert weights(path) == weights(whole.path) and best_of(run) == best_of(whole)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"best_by": "validation_pixel"}, "no number 'validation_pixel'; did you mean validation_pixels"),
        ({"best_by": "pixels"}, "no number 'pixels'; did you mean validation_pixels"),
        ({"best_by": "validation_pixels:min"}, "best_by is 'validation_pixels:min'; it must be a name, or"),
        ({"best_by": PIXELS, "validation": 0}, "there are no validation images .*; raise --validation"),
        ({"best_by": PIXELS, "validate_images": 0}, "--validate-images is 0; raise it"),
        ({"patience": 3}, "--patience waits for a better figure; say which, --best-by"),
    ],
)
def test_a_best_that_nothing_would_tell_is_refused_at_the_start(
    images: Path, tmp_path: Path, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        trained(tmp_path / "run", images, **wrong)
    assert not (tmp_path / "run").exists()


def test_a_number_that_validation_has_only_later_is_known_at_the_start(
    images: Path, tmp_path: Path
) -> None:
    name = "validation_loss_discriminator"
    run = trained(tmp_path / "run", images, "vae_gan", start=3, best_by=name, pictures_every=1)
    assert min(validation(run, name)) > 1 and best_of(run) is not None


def test_another_number_begins_anew_with_a_warning(whole: Run, images: Path, tmp_path: Path) -> None:
    run = Run(Path(shutil.copytree(whole.path, tmp_path / "run")))
    other = "validation_llike"
    with pytest.warns(
        LikenessWarning, match=f"was by {PIXELS}; the next validation begins anew by {other}"
    ):
        trained(run.path, images, resume=True, steps=13, best_by=other, **EVERY)
    assert best_of(run) == Best(13, other, validation(run, other)[13])


def test_a_damaged_best_is_none_and_is_replaced(whole: Run, images: Path, tmp_path: Path) -> None:
    run = Run(Path(shutil.copytree(whole.path, tmp_path / "run")))
    flip(run.best / "state.json")
    with pytest.warns(LikenessWarning, match=r"best/state\.json is damaged.*; there is no best checkpoint"):
        assert best_of(run) is None
    with pytest.warns(LikenessWarning, match="there is no best checkpoint"):
        trained(run.path, images, resume=True, steps=13, best_by=PIXELS, **EVERY)
    assert best_of(run) == Best(13, PIXELS, validation(run)[13])


def test_a_number_that_is_not_finite_is_never_the_best(whole: Run, tmp_path: Path) -> None:
    run = Run(Path(shutil.copytree(whole.path, tmp_path / "run")))
    before, nothing = best_of(run), State(Networks({}, {}), {}, None)
    Figure(PIXELS).keep(run, nothing, 0.0, {"step": 99, PIXELS: None})
    assert best_of(run) == before


def test_only_validations_with_the_number_are_waited_for(whole: Run, tmp_path: Path) -> None:
    run = Run(Path(shutil.copytree(whole.path, tmp_path / "run")))
    best = best_of(run)
    assert best is not None and Figure(PIXELS).validations_since_best(run) == 12 - best.step
    with run.metrics_file.open("a") as log:
        log.write('{"step": 13, "pixels": 1.0}\n{"step": 14, "validation_pixels": null}\n')
    assert Figure(PIXELS).validations_since_best(run) == 13 - best.step
    assert Figure("validation_llike").validations_since_best(run) == 0, "the best is by another number"
