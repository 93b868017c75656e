"""A prior of the user's own stays with the run, and no program of theirs runs again."""

from pathlib import Path

import numpy as np
import pytest
import torch

import likeness
from likeness.config import Config
from likeness.errors import RunError
from likeness.noise import SeededNoise
from likeness.priors import Empirical
from likeness.runs.prior_file import keep, with_own_prior
from likeness.runs.run import Run, create
from support.small_runs import configured, trained

PROGRAM = """
from pathlib import Path
import numpy as np

def sample(n, dim):
    with Path({log!r}).open("a") as log:
        log.write("ran\\n")
    return np.full((n, dim), 7.5)
"""


def sampled(images: Path, folder: Path) -> Config:
    """Settings with a sampler, which writes down that it ran."""
    program = folder / "sampler.py"
    program.write_text(PROGRAM.format(log=str(folder / "log")))
    return configured(images, "aae", prior={"name": "sampler", "program": str(program), "draws": 20})


def test_a_prior_that_is_no_file_is_left_as_it_is(images: Path, tmp_path: Path) -> None:
    run, settings = create(tmp_path / "run"), configured(images, "aae")
    keep(run, settings)
    assert with_own_prior(run, settings) is settings and not run.prior_file.exists()


def test_codes_of_a_sampler_are_those_that_are_kept(images: Path, tmp_path: Path) -> None:
    run, settings = create(tmp_path / "run"), sampled(images, tmp_path)
    keep(run, settings)
    assert np.load(run.prior_file).tolist() == [[7.5] * 3] * 20
    np.save(run.prior_file, np.ones((4, 3), np.float32))
    own = with_own_prior(run, settings)
    assert own.objective.prior == Empirical(file=str(run.prior_file))
    assert torch.equal(own.objective.prior.sample(5, 3, SeededNoise((0,))), torch.ones(5, 3))


def test_a_sampler_runs_once_in_the_life_of_a_run(images: Path, tmp_path: Path) -> None:
    prior = {"name": "sampler", "program": str(tmp_path / "sampler.py"), "draws": 20}
    sampled(images, tmp_path)
    trained(tmp_path / "run", images, "aae", prior=prior)
    trained(tmp_path / "run", images, "aae", prior=prior, steps=5, resume=True)
    model = likeness.load(tmp_path / "run")
    assert torch.equal(model.sample_codes(2), torch.full((2, 3), 7.5))
    assert (tmp_path / "log").read_text() == "ran\n"


def test_a_prior_that_was_lost_is_not_drawn_again(images: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"prior\.npy is missing; put it back, or train again"):
        with_own_prior(Run(tmp_path), sampled(images, tmp_path))
    assert not (tmp_path / "log").exists()
