"""The server: this machine alone, the page's own files, questions, and pictures of the runs given.

It listens on 127.0.0.1. A request must name that host (a page from elsewhere that resolves its own name
to this machine does not), and one that comes from a page must come from this server's. What is served
is a fixed list: the files of the page, read at the start; pictures in the folder of a run; images of its
data. No path of a request is ever opened.
"""

import json
import re
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pydantic import ValidationError

from likeness.errors import LikenessError, Stopped, UserError
from likeness.explorer.answers import QUESTIONS
from likeness.explorer.opened import Gallery
from likeness.pages import pictures

HOSTS = ("127.0.0.1", "localhost")
MAX_QUESTION_BYTES = 24 * 2**20
"""Of a question: a file of 16 MiB in base64, and what is said beside it."""
TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
RULES = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Headers of every answer: a page that can load nothing from elsewhere, and be part of no other."""
OF_RUN = re.compile(r"/runs/(\d{1,4})/(pictures|images)/([\w.-]{1,200})\.png")


class Reply(NamedTuple):
    """The reply to a request."""

    status: HTTPStatus
    kind: str
    content: bytes


class Refused(Exception):
    """A request that is refused."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class Server(ThreadingHTTPServer):
    """Serves a gallery on 127.0.0.1; port 0 is any free one. Raises UserError if a port is in use."""

    daemon_threads = True

    def __init__(self, gallery: Gallery, port: int = 0) -> None:
        try:
            super().__init__(("127.0.0.1", port), Handler)
        except (OSError, OverflowError) as error:
            raise UserError(f"port {port} cannot be used ({error}); choose another --port") from None
        self.gallery, self.files = gallery, page_files()

    @property
    def address(self) -> str:
        """URL of the page."""
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a connection that the browser closed early; Ctrl-C ends the server."""
        if isinstance(sys.exc_info()[1], Stopped):
            raise


def page_files() -> dict[str, Reply]:
    """The files of the page, by URL path."""
    static = resources.files("likeness.explorer") / "static"
    found = {f"/{f.name}": f for f in static.iterdir() if f.is_file()}
    found |= {f"/js/{f.name}": f for f in (static / "js").iterdir()}
    found["/look.css"] = resources.files("likeness.pages") / "look.css"
    kinds = {name: TYPES.get(name.rpartition(".")[2]) for name in found}
    files = {
        name: Reply(HTTPStatus.OK, f"{kinds[name]}; charset=utf-8", file.read_bytes())
        for name, file in found.items() if kinds[name]
    }  # fmt: skip
    return files | {"/": files["/index.html"]}


class Handler(BaseHTTPRequestHandler):
    """Handles one connection."""

    server: Server  # type: ignore[assignment]
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "likeness", ""
    timeout = 60
    wbufsize = -1  # headers and content in one packet, which a second one would not wait to follow
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Serve a file of the page, or a picture of a run."""
        self._answer(self._got)

    def do_POST(self) -> None:
        """Answer a question of the page."""
        self._answer(self._post)

    def log_message(self, *_: Any) -> None:
        """Log nothing."""

    def _answer(self, make: Any) -> None:
        try:
            self._check_sender()
            reply = make()
        except Refused as refused:
            self.close_connection = True
            reply = _error(refused.status, str(refused))
        except ValidationError as error:
            reply = _error(HTTPStatus.BAD_REQUEST, _mistake(error))
        except LikenessError as error:
            reply = _error(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        except Exception as error:  # the page says it, and lives on
            reply = _error(HTTPStatus.INTERNAL_SERVER_ERROR, _failure(error))
        self._send(reply)

    def _check_sender(self) -> None:
        host = self.headers.get("Host", "")
        if host.rpartition(":")[0] not in HOSTS and host not in HOSTS:
            raise Refused(HTTPStatus.FORBIDDEN, "another host is meant; open the address that was printed")
        origin = self.headers.get("Origin")
        if origin is not None and origin != f"http://{host}":
            raise Refused(HTTPStatus.FORBIDDEN, "pages from elsewhere are not answered; open this one")

    def _got(self) -> Reply:
        path = urlsplit(self.path).path
        if path in self.server.files:
            return self.server.files[path]
        if found := OF_RUN.fullmatch(path):
            return Reply(HTTPStatus.OK, "image/png", self._picture(int(found[1]), found[2], found[3]))
        raise Refused(HTTPStatus.NOT_FOUND, "there is nothing at this address; open the first page")

    def _picture(self, run: int, kind: str, name: str) -> bytes:
        opened = self.server.gallery[run]
        if kind == "images" and name.isdecimal():
            one = opened.data_sample().images(opened.model, [int(name)])
            return pictures.png(pictures.plain(pictures.to_colour(one)[0]))
        known = {path.name: path for path in opened.run.pictures.glob("*.png")}
        file = known.get(f"{name}.png")
        if file is None or not file.is_file() or file.is_symlink():
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such picture; see those of the training")
        return file.read_bytes()

    def _post(self) -> Reply:
        question = QUESTIONS.get(urlsplit(self.path).path.removeprefix("/api/"))
        if question is None:
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such question; reload the page")
        answer = question(self.server.gallery, **self._question())
        content = json.dumps(answer, allow_nan=False).encode()
        return Reply(HTTPStatus.OK, "application/json", content)

    def _question(self) -> dict[str, Any]:
        """The body of a question. Raises Refused if it is too long, or not JSON."""
        if self.headers.get_content_type() != "application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a question is JSON; reload the page")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "a question says how long it is; reload the page")
        if int(length) > MAX_QUESTION_BYTES:
            limit = f"{MAX_QUESTION_BYTES * 3 // 4 // 2**20} MiB"
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"files have up to {limit}; make it smaller")
        try:
            said = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise Refused(HTTPStatus.BAD_REQUEST, "this is no JSON; reload the page") from None
        if not isinstance(said, dict) or "gallery" in said:
            raise Refused(HTTPStatus.BAD_REQUEST, "a question is an object; reload the page")
        return said

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in RULES.items():
            self.send_header(name, value)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.content)


def _error(status: HTTPStatus, why: str) -> Reply:
    return Reply(status, "application/json", json.dumps({"error": why}).encode())


def _failure(error: Exception) -> str:
    return f"this failed ({type(error).__name__}: {error}); try again, or reload the page"


def _mistake(error: ValidationError) -> str:
    """The first validation error of a question, in one line."""
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}; reload the page"
