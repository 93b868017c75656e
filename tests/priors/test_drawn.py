"""Priors of the user's own: rows of a file, and what a program gives; and files that hold no codes."""

from pathlib import Path

import numpy as np
import pytest
import torch

from likeness.errors import UserError
from likeness.priors.drawn import Empirical, Sampler


@pytest.fixture(autouse=True)
def seeded() -> None:
    """The same samples each time."""
    torch.manual_seed(0)


def test_an_empirical_prior_draws_the_rows_of_a_file(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).random((6, 3)).astype("f4")
    np.save(tmp_path / "codes.npy", rows)
    prior = Empirical(file=str(tmp_path / "codes.npy"))
    prior.check(3)
    drawn = {tuple(row) for row in prior.sample(500, 3).tolist()}
    assert drawn == {tuple(row) for row in rows.astype("f4").tolist()}
    with pytest.raises(UserError, match="has 3 dimensions, --latent is 4"):
        prior.check(4)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (np.zeros(5), "holds no floats"),
        (np.zeros((5, 2), int), "holds no floats"),
        (np.full((5, 2), np.nan), "not finite"),
        (np.array([{}], dtype=object), "cannot be read as .npy"),
    ],
)
def test_a_file_that_holds_no_codes_is_refused(content: np.ndarray, message: str, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", content, allow_pickle=True)
    with pytest.raises(UserError, match=message):
        Empirical(file=str(tmp_path / "x.npy")).check(2)


def test_a_sampler_is_run_once(tmp_path: Path) -> None:
    program = tmp_path / "sampler.py"
    program.write_text("import numpy as np\ndef sample(n, dim): return np.random.rand(n, dim)")
    prior = Sampler(program=str(program), draws=50)
    first = prior.rows(2)
    program.unlink()
    assert torch.equal(prior.rows(2), first)
    assert {tuple(z) for z in prior.sample(400, 2).tolist()} == {tuple(z) for z in first.tolist()}


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.npy cannot be read as \.npy .*; give an array of codes"):
        Empirical(file=str(tmp_path / "nowhere.npy")).check(2)


PROGRAMS = [
    ("def other(n, dim): return 0", "defines no sample"),
    ("def sample(n, dim): return [[0.0] * dim]", r"gives \(1, 2\); give \(50, 2\)"),
    ("def sample(n, dim): return [[float('nan')] * dim] * n", "values that are not finite"),
    ("def sample(n, dim): return 1 / 0", "fails .*ZeroDivisionError"),
    ("def sample(n, dim): return 'codes'", "fails .*; mend its sample"),
    ("def sample(", "fails .*SyntaxError"),
]


@pytest.mark.parametrize(("program", "message"), PROGRAMS)
def test_a_program_that_gives_no_codes_is_refused_in_one_line(
    program: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "sampler.py").write_text(program)
    with pytest.raises(UserError, match=message) as caught:
        Sampler(program=str(tmp_path / "sampler.py"), draws=50).check(2)
    assert "\n" not in str(caught.value)


def test_a_program_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is no file; name a Python file that defines sample"):
        Sampler(program=str(tmp_path / "nowhere.py")).check(2)
