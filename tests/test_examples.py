"""The programs in examples/ run."""

from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def test_arrays_go_in_and_come_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = (EXAMPLES / "tensors.py").read_text()
    assert code.count("steps=300") == 3
    monkeypatch.chdir(tmp_path)
    exec(code.replace("steps=300", "steps=2, net={'name': 'mlp', 'hidden': 8}"), {})
    assert "codes (16, 64)" in capsys.readouterr().out
    made = np.load("reconstructions.npy")
    assert (made.shape, made.dtype.name) == ((16, 8, 8, 1), "float32")
    assert {path.name for path in Path("runs").iterdir()} == {"array", "set", "labelled"}
