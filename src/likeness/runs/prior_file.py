"""A prior of the user's own stays with the run: it is read from there ever after; no program runs again."""

from dataclasses import replace

from likeness.config import Config
from likeness.errors import RunError
from likeness.files import atomic
from likeness.files.archives import npy_bytes
from likeness.priors import Empirical, SampleBasedPrior
from likeness.runs.run import Run


def keep(run: Run, config: Config) -> None:
    """Write the codes that the user's prior is known by into a new run."""
    if isinstance(prior := config.objective.prior, SampleBasedPrior):
        atomic.write(run.prior_file, npy_bytes(prior.rows(config.objective.code.dims).numpy()))


def with_own_prior(run: Run, config: Config) -> Config:
    """The configuration whose prior is the one kept with the run. Raises RunError if that is gone."""
    if not isinstance(config.objective.prior, SampleBasedPrior):
        return config
    if not run.prior_file.is_file():
        raise RunError(f"{run.prior_file} is missing; put it back, or train again in another directory")
    own = Empirical(file=str(run.prior_file))
    return replace(config, objective=replace(config.objective, prior=own))
