"""The splits of a run's data, stored with the run."""

from functools import partial

import numpy as np

from likeness.data.split_record import SplitRecord
from likeness.data.training_data import TrainingData
from likeness.errors import RunError, UserError, error_summary
from likeness.files import archives, atomic, version
from likeness.runs.run import Run


def keep(run: Run, record: SplitRecord) -> None:
    """Write RUN/split.npz. Raises RunError if there is no room."""
    stamp = {version.KEY: np.array(version.VERSION)}
    atomic.write(run.split_file, archives.npz_bytes(stamp | record.arrays()))


def read(run: Run) -> SplitRecord:
    """The record in RUN/split.npz. Raises RunError if it cannot be read."""
    file = run.split_file
    try:
        arrays = archives.npz(file, archives.MAX_BYTES)
        version.remove_version({version.KEY: arrays[version.KEY].tolist()}, file)
        return SplitRecord.from_arrays(arrays)
    except (UserError, KeyError, ValueError) as error:
        reason = error_summary(error, 120, with_type=not isinstance(error, UserError)).partition(";")[0]
        raise RunError(f"{file} cannot be read ({reason}); restore it from a copy") from None


def training_data(run: Run) -> TrainingData:
    """The data that a run was trained on."""
    config = run.config()
    return TrainingData(config.data, config.training.seed, partial(read, run))
