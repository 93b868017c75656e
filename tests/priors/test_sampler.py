"""Priors that a program draws from, and programs that give no codes."""

from pathlib import Path

import pytest
import torch

from likeness.errors import UserError
from likeness.noise import SeededNoise
from likeness.priors import Sampler

NOISE = SeededNoise((0,))


def test_a_sampler_is_run_once(tmp_path: Path) -> None:
    program = tmp_path / "sampler.py"
    program.write_text("import numpy as np\ndef sample(n, dim): return np.random.rand(n, dim)")
    prior = Sampler(program=str(program), draws=50)
    first = prior.rows(2)
    program.unlink()
    assert torch.equal(prior.rows(2), first)
    assert {tuple(z) for z in prior.sample(400, 2, NOISE).tolist()} == {tuple(z) for z in first.tolist()}


PROGRAMS = [
    ("def other(n, dim): return 0", "defines no sample"),
    ("def sample(n, dim): return [[0.0] * dim]", r"returns \(1, 2\); return \(50, 2\)"),
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
