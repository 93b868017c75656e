"""`likeness explore`: served until Ctrl-C, on a port that is free."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from likeness.explorer.opened import Gallery
from likeness.explorer.server import Server
from support.commands import Likeness, done, refused


def test_the_command_serves_until_ctrl_c_and_leaves_nothing(run: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "likeness", "explore", str(run), "--no-browser"]
    before = sorted(run.rglob("*"))
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert process.stdout
    address = process.stdout.readline().split()[0]
    with urllib.request.urlopen(address, timeout=30) as page:
        assert b"Likeness" in page.read()
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "ended\n", "")
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2])), timeout=1)
    assert sorted(run.rglob("*")) == before and not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [[], ["--no-browser"]])
def test_a_browser_is_opened_at_the_address_unless_it_is_not_to_be(
    words: list[str], likeness: Likeness, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(Server, "serve_forever", lambda self, poll_interval: None)
    monkeypatch.setattr(Gallery, "prepare", lambda self: None)
    address = done(likeness("explore", run, *words)).out.split()[0]
    assert opened == ([] if words else [address])


@pytest.fixture
def taken() -> Iterator[str]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield str(other.getsockname()[1])


def test_a_port_that_is_taken_or_a_run_that_is_none_is_one_line(
    taken: str, likeness: Likeness, run: Path, tmp_path: Path
) -> None:
    line = refused(likeness("explore", run, "--no-browser", "--port", taken))
    assert f"port {taken} cannot be used" in line and "choose another --port" in line
    assert "--port is '99999'; " in refused(likeness("explore", run, "--no-browser", "--port", 99999))
    assert "is not a run" in refused(likeness("explore", tmp_path, "--no-browser"))
