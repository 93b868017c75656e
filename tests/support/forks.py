"""Commands in processes of their own, without waiting for imports: a server that forks one for each.

Run as a script it is the server; `Forks` is how tests speak to it. A request may name a fault.
"""

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OPERATIONS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir")
"""Audit events that touch files; fsync has none and is counted by itself."""


@dataclass
class Ended:
    """What is left of a process."""

    code: int
    """Exit code; negative is the signal that killed it."""
    err: str
    out: str


class Forks:
    """Starts commands in forked processes, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        environment = os.environ | {"OMP_NUM_THREADS": "1", "LIKENESS_CACHE": str(folder / "cache")}
        self.server = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, *words: object, during: Callable[[int], None] | None = None, **fault: Any) -> Ended:
        """The end of a command; `during` is called with its process id while it runs."""
        err, out = self.folder / "err", self.folder / "out"
        err.write_text("")
        out.write_text("")
        request = {"words": [str(w) for w in words], "err": str(err), "out": str(out)} | fault
        assert self.server.stdin and self.server.stdout
        print(json.dumps(request), file=self.server.stdin, flush=True)
        pid = int(self.server.stdout.readline())
        try:
            if during:
                during(pid)
        except BaseException:
            os.kill(pid, signal.SIGKILL)
            raise
        finally:
            code = int(self.server.stdout.readline())
        return Ended(code, err.read_text(), out.read_text())

    def close(self) -> None:
        """End the server."""
        self.server.communicate()


def until(true: Callable[[], Any], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.003)


def dying_at(most: int, watched: str) -> None:
    """Die without a word at file operation number `most` below the folder `watched`.

    Where that is a flush, what was written is on the disk only by half.
    """
    count = 0

    def counted(flushed: int | None = None) -> None:
        nonlocal count
        count += 1
        if count == most:
            if flushed is not None:
                with contextlib.suppress(OSError):
                    os.ftruncate(flushed, os.fstat(flushed).st_size // 2)
            os._exit(99)

    def audit(event: str, arguments: tuple) -> None:
        if event in OPERATIONS and str(arguments[0]).startswith(watched):
            changing = event != "open" or arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if changing:
                counted()

    fsync = os.fsync

    def flush(descriptor: int) -> None:
        counted(descriptor)
        fsync(descriptor)

    os.fsync = flush
    sys.addaudithook(audit)


def _child(request: dict[str, Any]) -> int:
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(request[name], os.O_WRONLY | os.O_APPEND), number)
    from likeness.__main__ import main
    from likeness.data import dataset
    from likeness.runs.train import TrainingRun

    if request.get("slow"):
        record = TrainingRun.record

        def slowly(self: TrainingRun, step: int, report: Any) -> None:
            time.sleep(request["slow"])
            record(self, step, report)

        TrainingRun.record = slowly
    if request.get("scanning"):
        dataset.read = lambda settings: (Path(request["scanning"]).touch(), time.sleep(60))
    if request.get("room"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["room"], resource.RLIM_INFINITY))
    if request.get("dies_at"):
        dying_at(request["dies_at"], request["watched"])
    return main(request["words"])


def _imported() -> None:
    """Import what a command needs, some of which the package, torch and PIL import only when it is used."""
    import torch
    from PIL import Image

    import likeness

    for found in pkgutil.walk_packages(likeness.__path__, "likeness."):
        importlib.import_module(found.name)
    Image.init()
    torch.set_num_threads(1)
    weight = torch.nn.Parameter(torch.zeros(1))
    weight.grad = torch.zeros(1)  # no backward pass: after one, a forked process could not have its own
    torch.optim.Adam([weight]).step()
    gc.freeze()  # a training collects garbage, of which there is none here


def _serve() -> None:
    _imported()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            code = 70
            try:
                code = _child(json.loads(line))
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


@contextmanager
def serving(folder: Path) -> Iterator[Forks]:
    """A server for the tests of a session."""
    forks = Forks(folder)
    try:
        yield forks
    finally:
        forks.close()


if __name__ == "__main__":
    _serve()
