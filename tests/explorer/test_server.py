"""Nothing is served that is not meant to be, to nobody that is not meant; what is wrong is said."""

import json
import re
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from likeness.errors import Stopped
from likeness.explorer.server import MAX_QUESTION_BYTES, Server
from support.explorer import JUDGED, Send

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
    lengths = {path.name: len(path.read_text().splitlines()) for path in static().rglob("*.*")}
    assert "main.js" in lengths and max(lengths.values()) <= 300


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
    for length, status in ((b"", b"411"), (b"Content-Length: %d\r\n" % (MAX_QUESTION_BYTES + 1), b"413")):
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as sent:
            sent.sendall(head + length + b"\r\n")
            assert sent.recv(1000).split()[1] == status
    assert send("PUT", "/api/runs", b"{}").status == 501


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
