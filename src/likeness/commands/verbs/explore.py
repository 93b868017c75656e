"""The command `likeness explore`."""

from contextlib import suppress
from typing import Annotated

from annotated_types import Ge, Le
from pydantic import BeforeValidator

from likeness.commands._arguments import DataArgument, Device, Help, Texts, path_text
from likeness.commands._progress import announce
from likeness.commands._verb import Result, verb
from likeness.errors import Stopped
from likeness.settings import Metavar

Runs = Annotated[Texts, Metavar("RUN"), Help("Runs, or their checkpoints; several are shown side by side.")]
Port = Annotated[int, Ge(0), Le(65535), Help("Port on 127.0.0.1; 0 is any free one.")]
Directions = Annotated[str | None, BeforeValidator(path_text), Metavar("FILE")]


@verb("train and look")
def explore(
    runs: Runs,
    *,
    directions: Directions = None,
    data: DataArgument = None,
    port: Port = 0,
    browser: bool = True,
    device: Device = "auto",
) -> Result:
    """Explore trained models in the browser: a page that this machine serves to itself, until Ctrl-C.

    Args:
        directions: File written by `likeness directions`.
        browser: Open a browser.
    """
    import threading
    import webbrowser

    from likeness.explorer.opened import Gallery
    from likeness.explorer.server import Server

    gallery = Gallery(runs, directions, data, device)
    with Server(gallery, port) as server:
        announce(f"{server.address}  (Ctrl-C ends it)")
        threading.Thread(target=gallery.prepare, daemon=True).start()
        if browser:
            webbrowser.open(server.address)
        with suppress(Stopped):  # Ctrl-C is how it ends
            server.serve_forever(poll_interval=0.2)
    return Result(["ended"])
