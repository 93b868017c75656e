"""Nothing is served that is not meant to be, to nobody that is not meant; what is wrong is said."""

import base64
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from likeness.__main__ import main
from likeness.errors import Stopped
from likeness.explorer.server import MOST_BYTES, Server
from support.explorer import JUDGED, Reply

Send = Callable[..., Reply]
JSON = {"Content_Type": "application/json"}


def test_the_page_is_whole_and_loads_nothing_from_elsewhere(server: Server, send: Send) -> None:
    seen, left = set(), ["/"]
    while left:
        address = left.pop()
        seen.add(address)
        reply = send("GET", address)
        assert reply.status == 200, address
        text = reply.content.decode()
        assert not re.search(r"https?://(?!www\.w3\.org/(2000/svg|1999/xhtml))", text), address
        found = re.findall(r'(?:src|href)="([^"]+)"', text) if address == "/" else []
        found += [f"/js/{name}" for name in re.findall(r'from "\./([\w.]+)"', text)]
        left += [name for name in found if name not in seen]
    scripts = {f"/js/{path.name}" for path in Path(static() / "js").iterdir()}
    assert seen >= scripts and "/look.css" in seen


def static() -> Path:
    """The folder of the page."""
    from likeness import explorer

    return Path(str(explorer.__file__)).parent / "static"


def test_scripts_are_short() -> None:
    assert all(len(path.read_text().splitlines()) <= 300 for path in static().rglob("*.*"))


def test_every_answer_forbids_what_a_page_could_load_from_elsewhere(send: Send) -> None:
    for reply in (send("GET", "/"), send("GET", "/nothing"), send("POST", "/api/runs", b"{}", **JSON)):
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "server" not in reply.headers or "Python" not in reply.headers["server"]


ELSEWHERE = [
    "/../look.css", "/js/../index.html", "/js/%2e%2e/index.html", "/js//main.js", "/static/index.html",
    "/config.yaml", "/runs/0/config.yaml", "/runs/0/pictures/../config.yaml", "/runs/0/pictures/..%2fx.png",
    "/runs/0/pictures/...png", "/runs/0/pictures/secret.png", "/runs/0/pictures/link.png",
    "/runs/0/checkpoints/", "/etc/passwd", "//etc/passwd", "/api/runs", "/api/../api/runs",
]  # fmt: skip


@pytest.mark.parametrize("path", ELSEWHERE)
def test_nothing_else_is_served(path: str, send: Send, runs: list[Path]) -> None:
    (runs[JUDGED] / "secret.png").write_bytes(b"secret")
    link = runs[JUDGED] / "pictures" / "link.png"
    if not link.is_symlink():
        link.symlink_to(runs[JUDGED] / "secret.png")
    try:
        reply = send("GET", path)
    finally:
        link.unlink()
    assert reply.status == 404 and b"secret" not in reply.content and "error" in reply.said


def test_images_that_are_not_there_are_said_not_to_be(send: Send) -> None:
    assert send("GET", "/runs/0/images/0.png").content.startswith(b"\x89PNG")
    for path in ("/runs/0/images/999999.png", "/runs/99/images/0.png"):
        assert send("GET", path).status == 422


SENDERS = [
    ({"Host": "evil.example"}, 403),
    ({"Host": "127.0.0.1.evil.example:80"}, 403),
    ({"Host": ""}, 403),
    ({"Host": "localhost:1234"}, 200),
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://127.0.0.1:1"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), SENDERS)
def test_pages_and_names_from_elsewhere_are_refused(
    headers: dict[str, str], status: int, send: Send
) -> None:
    assert send("POST", "/api/runs", b"{}", **JSON, **headers).status == status
    assert send("GET", "/", **headers).status == status


def test_the_page_itself_is_answered(server: Server, send: Send) -> None:
    origin = server.address.rstrip("/")
    assert send("POST", "/api/runs", b"{}", **JSON, Origin=origin).status == 200


def test_nobody_on_the_network_is_served(server: Server) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"


LOOK = {"run": JUDGED, "source": {"kind": "data", "run": JUDGED, "index": 0}}
QUESTIONS = [
    ("runs", b"", JSON, 400),
    ("runs", b"[1]", JSON, 400),
    ("runs", b"{}", {"Content_Type": "text/plain"}, 415),
    ("runs", b"{}", {}, 415),
    ("runs", b'{"gallery": 1}', JSON, 400),
    ("runs", b'{"more": 1}', JSON, 400),
    ("runs", b"[" * 100_000, JSON, 400),
    ("__class__", b"{}", JSON, 404),
    ("look", b"{}", JSON, 400),
    ("look", json.dumps(LOOK | {"run": 99}).encode(), JSON, 422),
    ("look", json.dumps(LOOK | {"run": -1}).encode(), JSON, 422),
    ("look", json.dumps(LOOK | {"source": {"kind": "path", "name": "/etc/passwd"}}).encode(), JSON, 400),
    ("look", b'{"run": 0, "source": {"kind": "data", "run": 0, "index": -1}}', JSON, 422),
    ("edit", b'{"run": 0, "code": [NaN, 0, 0], "add": {}}', JSON, 400),
    ("edit", b'{"run": 0, "code": [1, 2], "add": {}}', JSON, 422),
    ("edit", b'{"run": 0, "code": [1, 2, 3], "add": {"component-99": 1}}', JSON, 422),
    ("samples", b'{"run": 0, "n": 1000000}', JSON, 400),
    ("between", b'{"run": 0, "a": [1, 2, 3], "b": [1, 2]}', JSON, 422),
    ("between", b'{"run": 0, "a": [1, 2, 3], "b": [1, 2, 3], "way": "off"}', JSON, 422),
    ("plane", b'{"run": 0, "by": "codes"}', JSON, 422),
    ("plane", b'{"run": 2, "by": "pca"}', JSON, 422),
    ("restyle", json.dumps(LOOK).encode(), JSON, 422),
]


@pytest.mark.parametrize(("question", "body", "headers", "status"), QUESTIONS)
def test_what_makes_no_sense_is_refused_in_one_line(
    question: str, body: bytes, headers: dict[str, str], status: int, send: Send
) -> None:
    reply = send("POST", f"/api/{question}", body, **headers)
    assert reply.status == status
    assert "; " in reply.said["error"] and "\n" not in reply.said["error"]


def test_a_question_says_how_long_it_is_and_is_not_too_long(server: Server, send: Send) -> None:
    head = b"POST /api/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    for length, status in ((b"", b"411"), (b"Content-Length: %d\r\n" % (MOST_BYTES + 1), b"413")):
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as sent:
            sent.sendall(head + length + b"\r\n")
            assert sent.recv(1000).split()[1] == status
    assert send("PUT", "/api/runs", b"{}").status == 501


def npy(array: np.ndarray) -> bytes:
    """An array as a file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG file."""
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def png(width: int, height: int) -> bytes:
    """A PNG file that says it is so large, and holds no pixel."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    parts = chunk(b"IHDR", size + b"\x08\x00\x00\x00\x00"), chunk(b"IDAT", b""), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


UPLOADS = [
    ("a.png", b"hello", "not an image"),
    ("a.png", b"", "empty file"),
    ("a.html", b"<html>", "a web page, not an image"),
    ("a.png", png(8, 8)[:40], "cannot be used"),
    ("a.png", png(60_000, 60_000), "pixels"),
    ("a.png", png(8000, 8000), "give at most"),
    ("a.npy", npy(np.array([{}], object)), "Python objects"),
    ("a.npy", npy(np.zeros((8, 8), np.float32))[:-1], "not as long as its header says"),
    ("a.npy", npy(np.full((8, 8), np.nan, np.float32)), "NaN"),
    ("a.npy", npy(np.zeros(3)), "not that of images"),
    ("a.npy", b"\x93NUMPY", "no sound .npy file"),
    ("a.npy", npy(np.zeros((8, 8, 2), np.uint8)), "give one that has them"),
]


@pytest.mark.parametrize(("name", "content", "message"), UPLOADS)
def test_a_bad_upload_is_a_message(name: str, content: bytes, message: str, ask: Send) -> None:
    source = {"kind": "file", "name": name, "content": base64.b64encode(content).decode()}
    run = 3 if message == "give one that has them" else JUDGED
    reply = ask("look", run=run, source=source)
    assert reply.status == 422 and message in reply.said["error"]
    assert ask("runs").status == 200


def test_what_goes_wrong_inside_is_said_and_survived(
    ask: Send, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("of nothing")

    monkeypatch.setattr(server.gallery[JUDGED].model, "decode", broken)
    reply = ask("samples", run=JUDGED)
    assert reply.status == 500 and "ZeroDivisionError" in reply.said["error"]
    monkeypatch.undo()
    assert ask("samples", run=JUDGED).status == 200


def test_the_command_serves_until_ctrl_c_and_leaves_nothing(runs: list[Path], tmp_path: Path) -> None:
    words = [sys.executable, "-m", "likeness", "explore", str(runs[JUDGED]), "--no-browser"]
    before = sorted(path for path in runs[JUDGED].rglob("*"))
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
    assert sorted(path for path in runs[JUDGED].rglob("*")) == before and not list(tmp_path.iterdir())


def test_ctrl_c_in_the_middle_of_a_request_ends_it_too(server: Server) -> None:
    with pytest.raises(Stopped):
        try:
            raise Stopped("stopped by SIGINT; nothing was left half-written", signal.SIGINT)
        except Stopped:
            server.handle_error(None, None)
    try:
        raise BrokenPipeError
    except BrokenPipeError:
        server.handle_error(None, None)


def test_a_port_that_is_taken_or_a_run_that_is_none_is_one_line(
    server: Server, runs: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    run = str(runs[JUDGED])
    for words in (["--port", str(server.server_port)], ["--port", "99999"]):
        assert main(["explore", run, "--no-browser", *words]) == 2
        assert "choose another --port" in capsys.readouterr().err
    assert main(["explore", str(tmp_path), "--no-browser"]) == 2
    assert "is not a run" in capsys.readouterr().err
