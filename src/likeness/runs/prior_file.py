"""The user's own prior is stored with the run: its samples are read from there, and no program of the user
runs again."""

from dataclasses import replace

from likeness.config import Config
from likeness.errors import RunError
from likeness.files import atomic
from likeness.files.archives import npy_bytes
from likeness.priors import Empirical, SampleBasedPrior
from likeness.runs.run import Run


def keep(run: Run, config: Config) -> None:
    """Write samples of the user's own prior into a new run."""
    if isinstance(prior := config.objective.prior, SampleBasedPrior):
        atomic.write(run.prior_file, npy_bytes(prior.rows(config.objective.code.dims).numpy()))


def with_own_prior(run: Run, config: Config) -> Config:
    """The configuration, with the prior that is stored with the run. Raises RunError if that is missing."""
    if not isinstance(config.objective.prior, SampleBasedPrior):
        return config
    if not run.prior_file.is_file():
        raise RunError(f"{run.prior_file} is missing; put it back, or train again in another directory")
    own = Empirical(file=str(run.prior_file))
    return replace(config, objective=replace(config.objective, prior=own))
