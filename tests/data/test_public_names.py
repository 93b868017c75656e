"""The public names of the room: what an author of a source and a user of data import."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from likeness import data
from likeness.data.sources import _source
from support.made_images import noise


class Noise(data.Source):
    """The word `noise`: ten grey images of two classes."""

    words = ("noise",)

    def claims(self, spec: str) -> bool:
        return spec in self.words

    def read(self, spec: str, settings: data.DataSettings) -> data.Table:
        return data.Table(
            pictures=data.Arrays(noise(10, 6, 4, 1)),
            names=[f"noise[{i}]" for i in range(10)],
            digest="noise",
            columns={"label": data.Column(np.arange(10) % 2, ("even", "odd"))},
        )


def test_a_source_written_with_the_public_names_alone_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    known = _source.sources() | {"noise": Noise()}
    monkeypatch.setattr(_source, "sources", lambda: known)
    found = data.load(data.DataSettings(data="noise", validation=0.2, test=0.2), seed=0)
    assert found.shape == (1, 6, 4)
    assert found.label_names == ("even", "odd")
    for split in (found.train, found.validation, found.test):
        rows = [int(name.removeprefix("noise[").rstrip("]")) for name in split.names]
        assert np.array_equal(split.images, noise(10, 6, 4, 1)[rows])
        assert np.array_equal(split.labels, np.array(rows) % 2)


def test_every_source_of_the_package_is_of_the_public_class() -> None:
    strange = [name for name, source in _source.sources().items() if not isinstance(source, data.Source)]
    assert not strange
    assert len(_source.sources()) == len(list(Path(_source.__file__).parent.glob("[!_]*.py")))


def test_every_public_name_is_there_and_is_listed() -> None:
    listed = dir(data)
    assert {"Source", "Dataset", "Split", "DataSettings", "load"} <= set(listed)
    missing = [name for name in listed if not hasattr(data, name)]
    assert not missing


def test_the_room_is_entered_without_torch_or_pillow() -> None:
    heavy = "sys.exit(', '.join({'torch', 'PIL', 'pyarrow'} & set(sys.modules)) or 0)"
    said = subprocess.run(
        [sys.executable, "-c", f"import sys, likeness.data; {heavy}"], capture_output=True, text=True
    )
    assert (said.returncode, said.stderr) == (0, "")
