"""Data sets of the Hugging Face hub, as owner/name; needs `pip install 'likeness[hub]'`."""

import re
from pathlib import Path

from likeness.data.reading import cache
from likeness.data.settings import DataSettings
from likeness.data.sources._source import Source, split_of
from likeness.data.sources.parquet import Parquet
from likeness.data.table import Table
from likeness.errors import RunError, UserError

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


class Hub(Source):
    """A name owner/name that is no path here. Downloads are stored, as Parquet, in the cache."""

    def claims(self, spec: str) -> bool:
        return _NAME.fullmatch(spec) is not None and not Path(spec).exists()

    def read(self, spec: str, settings: DataSettings) -> Table:
        kept = cache.folder() / f"hub-{spec.replace('/', '--')}"
        if not kept.is_dir():
            _download(spec, kept.name)
        return Parquet().read(str(kept), settings)


def _download(spec: str, key: str) -> None:
    """Every split of a data set, each as one Parquet file, in the cache."""
    try:
        import datasets  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise UserError(
            f"there is no path {spec}, and the hub needs an extra; pip install 'likeness[hub]'"
        ) from None
    try:
        found = datasets.load_dataset(spec)
    except Exception as error:  # the library raises what its many parts raise
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise RunError(
            f"there is no path {spec}, and the hub gave no data ({reason}); check name and network"
        ) from None
    with cache.write_entry(key) as folder:
        for name, split in found.items():
            split.to_parquet(str(folder / f"{split_of(str(name)) or 'train'}-{name}.parquet"))
