"""No pickle is ever unpickled, wherever it is given: every file that is read, end to end."""

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import likeness
from likeness.__main__ import main
from likeness.errors import LikenessError, RunError, UserError
from likeness.models.code_files import read_codes
from likeness.runs import checkpoints
from support.damage import FILES, rewritten
from support.small_runs import trained


class Bomb:
    """Touches a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return (open, (str(self.file), "w"))


class Evil(NamedTuple):
    """A malicious pickle, and the file that it would touch."""

    touched: Path
    pickle: bytes


@pytest.fixture
def evil(tmp_path: Path) -> Iterator[Evil]:
    """One that has touched nothing afterwards either."""
    touched = tmp_path / "touched"
    yield Evil(touched, pickle.dumps(Bomb(touched)))
    assert not touched.exists()


@pytest.fixture
def run(averaged_run: Path) -> Path:
    """A run of four steps with averaged weights and checkpoints at two and four."""
    return averaged_run


def test_the_malicious_pickle_of_these_tests_works(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Bomb(tmp_path / "touched"))).close()
    assert (tmp_path / "touched").exists()


@pytest.mark.parametrize("name", FILES)
def test_a_pickle_in_a_checkpoint_is_never_unpickled(run: Path, evil: Evil, name: str) -> None:
    path = run / "checkpoints" / "step-00000004"
    (path / name).write_bytes(evil.pickle)
    with pytest.raises(RunError, match="is damaged"):
        checkpoints.read(path)


@pytest.mark.parametrize("name", FILES[:2])
def test_a_pickle_with_fitting_hashes_is_never_unpickled(run: Path, evil: Evil, name: str) -> None:
    path = run / "checkpoints" / "step-00000004"
    nets = likeness.load(path).nets
    rewritten(path, name, evil.pickle)
    with pytest.raises(RunError, match=f"{name} is not a safetensors file"):
        checkpoints.load_strictly(nets, checkpoints.read(path), name)


@pytest.mark.parametrize("name", ["model.pt", "model.pkl", "run"])
def test_a_pickle_given_as_a_run_is_never_unpickled(
    evil: Evil, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(evil.pickle)
    assert main(["sample", str(tmp_path / name)]) == 2
    assert "is not a run" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["codes.npz", "codes.npy", "codes.pt"])
def test_a_pickle_given_as_codes_is_never_unpickled(evil: Evil, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(evil.pickle)
    with pytest.raises(UserError, match="holds no codes"):
        read_codes(tmp_path / name)


@pytest.mark.parametrize("name", ["codes.npz", "codes.npy"])
def test_arrays_of_objects_are_never_unpickled(evil: Evil, run: Path, tmp_path: Path, name: str) -> None:
    array = np.array([Bomb(evil.touched)], dtype=object)
    file = tmp_path / name
    np.savez(file, codes=array, images=array) if name.endswith("npz") else np.save(file, array)
    with pytest.raises(UserError, match="holds no codes"):
        read_codes(file)
    with pytest.raises(LikenessError, match="objects"):
        trained(tmp_path / "new", file)


def test_a_pickle_given_as_an_image_is_never_unpickled(evil: Evil, run: Path, tmp_path: Path) -> None:
    for name in ("a.npy", "a.png", "a.pt"):
        (tmp_path / name).write_bytes(evil.pickle)
        with pytest.raises(UserError):
            likeness.load(run).images([tmp_path / name])
