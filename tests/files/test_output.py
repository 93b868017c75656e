"""Files where the user asked for them."""

from pathlib import Path

import pytest

from likeness.errors import UserError
from likeness.files.output import write_output


def test_a_file_is_written_over_the_one_that_is_there(tmp_path: Path) -> None:
    for content in (b"old", b"new"):
        assert write_output(tmp_path / "x.csv", content) == tmp_path / "x.csv"
    assert (tmp_path / "x.csv").read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]


@pytest.mark.parametrize("out", ["none/x.csv", "file/x.csv", "folder"])
def test_a_place_that_cannot_be_written_is_the_users_to_choose_anew(tmp_path: Path, out: str) -> None:
    """Nothing is said of checkpoints, as it is of files of a run."""
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    with pytest.raises(
        UserError, match=rf"{out} could not be written \(.*\); choose another --out$"
    ) as error:
        write_output(tmp_path / out, b"x")
    assert "\n" not in str(error.value)
    assert (tmp_path / "file").read_text() == "kept"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


@pytest.mark.parametrize("out", ["/", "."])
def test_a_place_without_a_name_is_refused(out: str) -> None:
    with pytest.raises(UserError, match="--out names no file; choose another --out"):
        write_output(Path(out), b"x")
