"""A headless Chromium, driven through two pipes: one question of the DevTools protocol after the other."""

import base64
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-pipe",
]  # fmt: skip
START = """
import os, sys
ends = [os.dup(int(word)) for word in sys.argv[1:3]]
for end, number in zip(ends, (3, 4)):
    os.dup2(end, number), os.set_inheritable(number, True)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""The browser takes messages from file 3 and gives them to file 4, whatever ours are numbered."""
PATIENCE = 30.0
"""Seconds that anything may take."""


class Page:
    """One tab."""

    def __init__(self, sending: int, receiving: int) -> None:
        self._sending, self._receiving = sending, receiving
        self._numbers, self._left = itertools.count(1), b""
        self._session: str | None = None
        self.faults: list[str] = []
        """Errors that the page's scripts did not catch, and what the browser would not load."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "DOM", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **given: Any) -> dict[str, Any]:
        """The answer to one message. AssertionError if it is an error."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": given}
        message |= {"sessionId": self._session} if self._session else {}
        os.write(self._sending, json.dumps(message).encode() + b"\0")
        while True:
            said = self._read()
            if said.get("id") == number:
                assert "error" not in said, f"{method}: {said['error']}"
                return said["result"]
            self._note(said)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            ready = select.select([self._receiving], [], [], PATIENCE)[0]
            assert ready, "the browser does not answer"
            said = os.read(self._receiving, 1 << 20)
            assert said, "the browser has ended"
            self._left += said
        text, _, self._left = self._left.partition(b"\0")
        return json.loads(text)

    def _note(self, said: dict[str, Any]) -> None:
        if said.get("method") == "Runtime.exceptionThrown":
            self.faults.append(str(said["params"]["exceptionDetails"]))
        if said.get("method") == "Log.entryAdded" and said["params"]["entry"]["level"] == "error":
            self.faults.append(str(said["params"]["entry"]))

    def open(self, address: str) -> None:
        """Go to a page."""
        self.ask("Page.navigate", url=address)

    def size(self, width: int, height: int, dark: bool = False) -> None:
        """Give the window a size, and the user a taste."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])

    def value(self, expression: str) -> Any:
        """What some JavaScript comes to."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, expression: str, seconds: float = PATIENCE) -> Any:
        """What some JavaScript comes to as soon as that is true, of an element that it is there.
        AssertionError if it stays false."""
        ends = time.monotonic() + seconds
        within = f"const v = {expression}; return v instanceof Node ? true : v"
        tried = f"(() => {{ try {{ {within} }} catch {{ return false }} }})()"
        while not (found := self.value(tried)):
            assert time.monotonic() < ends, f"{expression} stays false; {self.faults} {self.said()}"
            time.sleep(0.02)
        return found

    def said(self) -> str:
        """What the page says to its user, for messages."""
        return self.value(
            "['#notices', '#stage'].map((s) => document.querySelector(s).textContent).join(' | ')"
        )

    def middle(self, selector: str) -> tuple[float, float]:
        """Where an element is, once it is there and in sight."""
        node = f"document.querySelector({json.dumps(selector)})"
        self.wait(f"{node} && !{node}.closest('[hidden]') && {node}.getClientRects().length")
        box = self.value(
            f"(() => {{ {node}.scrollIntoView({{block: 'center'}}); "
            f"const b = {node}.getBoundingClientRect(); return [b.x, b.y, b.width, b.height] }})()"
        )
        return box[0] + box[2] / 2, box[1] + box[3] / 2

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """Move, press or release the mouse."""
        self.ask("Input.dispatchMouseEvent", type=f"mouse{kind}", x=x, y=y, **more)

    def click(self, selector: str) -> None:
        """Click the middle of an element."""
        x, y = self.middle(selector)
        self.mouse("Moved", x, y)
        for kind in ("Pressed", "Released"):
            self.mouse(kind, x, y, button="left", clickCount=1)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw from one place to another."""
        self.mouse("Moved", *start)
        self.mouse("Pressed", *start, button="left", clickCount=1)
        for share in (0.3, 0.7, 1.0):
            self.mouse(
                "Moved", *(a + share * (b - a) for a, b in zip(start, end)), button="left", buttons=1
            )
        self.mouse("Released", *end, button="left", clickCount=1)

    def press(self, key: str) -> None:
        """Press a key."""
        printed = {"text": key} if len(key) == 1 else {}
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, **(printed if kind == "keyDown" else {}))

    def slide(self, selector: str, value: float) -> None:
        """Move a slider, as the user's hand does."""
        self.middle(selector)
        self.value(
            f"(() => {{ const s = document.querySelector({json.dumps(selector)}); s.value = {value};"
            " s.dispatchEvent(new Event('input', {bubbles: true})) })()"
        )

    def choose(self, selector: str, option: int, which: int = 0) -> None:
        """Take an option of a list, of those that are found the one at a place."""
        self.middle(selector)
        self.value(
            f"(() => {{ const s = document.querySelectorAll({json.dumps(selector)})[{which}];"
            f" s.selectedIndex = {option}; s.dispatchEvent(new Event('change', {{bubbles: true}})) }})()"
        )

    def picture(self, file: Path, whole: bool = False) -> Path:
        """A screenshot, of what is in sight or of the whole page."""
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(shot["data"]))
        return file


@contextmanager
def browsing(folder: Path) -> Iterator[Page]:
    """A browser that keeps all it writes in a folder, and is gone afterwards."""
    assert CHROMIUM
    (read_here, write_there), (read_there, write_here) = os.pipe(), os.pipe()
    words = [CHROMIUM, *FLAGS, f"--user-data-dir={folder}"]
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", START, str(read_there), str(write_there), *words],
        pass_fds=(read_there, write_there),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(read_there)
    os.close(write_there)
    try:
        yield Page(write_here, read_here)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(write_here)
        os.close(read_here)
